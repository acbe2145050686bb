with

source as (

    select * from {{ source('complaint', 'complaints') }}

),

versions as (

    {{ versions_of('source', key=['complaint_id']) }}

),

renamed as (

    select
        complaint_id,
        customer_id,
        policy_id,
        product_id,
        staff_id,
        branch_id,
        channel,
        category,
        severity,
        received_at,
        acknowledged_at,
        resolved_at,
        closed_at,
        outcome,
        compensation,
        regulator_referred,
        description,
        coalesce(deleted, false) as is_deleted,
        updated_at,
        valid_from,
        valid_to,
        is_first,
        is_current
    from versions

)

select * from renamed
