with

source as (

    select * from {{ source('crm', 'customers') }}

),

versions as (

    {{ versions_of('source', key=['customer_id']) }}

),

renamed as (

    select
        customer_id,
        gender,
        birth_date,
        marital_status,
        children_count,
        youngest_child_birth_date,
        occupation,
        annual_income,
        aum,
        risk_level as customer_risk_level,
        risk_assessed_on,
        branch_id,
        rm_id,
        customer_since,
        referred_by,
        preferred_channel,
        marketing_consent,
        coalesce(deleted, false) as is_deleted,
        updated_at,
        valid_from,
        valid_to,
        is_first,
        is_current
    from versions

)

select * from renamed
