with

source as (

    select * from {{ source('crm', 'needs') }}

),

versions as (

    {{ versions_of('source', key=['need_id']) }}

),

renamed as (

    select
        need_id,
        customer_id,
        source,
        category,
        product_id,
        branch_id,
        staff_id,
        complaint_id,
        owner_department,
        urgency,
        impact,
        business_value,
        raised_at,
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
