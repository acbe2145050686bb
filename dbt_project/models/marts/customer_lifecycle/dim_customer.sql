with

versions as (

    select * from {{ ref('int_customer_versions') }}

),

branches as (

    select * from {{ ref('int_branches') }}

),

customers as (

    select * from {{ ref('int_customers') }}

),

known as (

    select
        versions.customer_id,
        customers.customer_key,
        versions.valid_from,
        versions.valid_to,
        versions.is_valid_at_as_of,
        customers.customer_since,
        versions.gender,
        versions.marital_status,
        versions.children_count,
        versions.occupation,
        versions.value_tier,
        versions.service_level,
        coalesce(versions.customer_risk_level, {{ unknown_member() }}) as customer_risk_level,
        versions.risk_assessed_on,
        coalesce(branches.branch_id, {{ unknown_member() }}) as branch_id,
        coalesce(branches.region, {{ unknown_member() }}) as region,
        versions.rm_id,
        versions.preferred_channel,
        versions.marketing_consent
    from versions
    inner join customers on versions.customer_id = customers.customer_id
    left join branches on versions.branch_id = branches.branch_id

),

unknown as (

    select
        {{ unknown_member() }} as customer_id,
        {{ unknown_member() }} as customer_key,
        {{ beginning_of_time() }} as valid_from,
        {{ end_of_time() }} as valid_to,
        true as is_valid_at_as_of,
        cast(null as date) as customer_since,
        cast(null as {{ dbt.type_string() }}) as gender,
        cast(null as {{ dbt.type_string() }}) as marital_status,
        cast(null as {{ dbt.type_bigint() }}) as children_count,
        cast(null as {{ dbt.type_string() }}) as occupation,
        {{ unknown_member() }} as value_tier,
        {{ unknown_member() }} as service_level,
        {{ unknown_member() }} as customer_risk_level,
        cast(null as date) as risk_assessed_on,
        {{ unknown_member() }} as branch_id,
        {{ unknown_member() }} as region,
        cast(null as {{ dbt.type_string() }}) as rm_id,
        cast(null as {{ dbt.type_string() }}) as preferred_channel,
        cast(null as boolean) as marketing_consent

)

select * from known
union all
select * from unknown
