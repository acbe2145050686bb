with

source as (

    select * from {{ source('crm', 'opportunities') }}

),

versions as (

    {{ versions_of('source', key=['opportunity_id']) }}

),

renamed as (

    select
        opportunity_id,
        customer_id,
        staff_id,
        product_category,
        created_at,
        first_contact_at,
        need_confirmed_at,
        proposal_at,
        callback_at,
        closed_at,
        stage,
        policy_id,
        expected_premium,
        coalesce(deleted, false) as is_deleted,
        updated_at,
        valid_from,
        valid_to,
        is_first,
        is_current
    from versions

)

select * from renamed
