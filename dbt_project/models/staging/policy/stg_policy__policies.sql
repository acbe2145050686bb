with

source as (

    select * from {{ source('policy', 'policies') }}

),

versions as (

    {{ versions_of('source', key=['policy_id']) }}

),

renamed as (

    select
        policy_id,
        customer_id,
        product_id,
        staff_id,
        branch_id,
        sales_channel,
        applied_on,
        issued_on,
        effective_on,
        payment_mode,
        payment_term_years,
        coverage_term_years,
        annual_premium,
        sum_assured,
        status,
        status_on,
        double_recorded,
        coalesce(deleted, false) as is_deleted,
        updated_at,
        valid_from,
        valid_to,
        is_first,
        is_current
    from versions

)

select * from renamed
