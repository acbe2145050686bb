with

versions as (

    select * from {{ ref('stg_crm__customers') }}

),

customers as (

    select * from {{ ref('int_customers') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

value_tiers as (

    select * from {{ ref('value_tiers') }}

),

known_by_as_of as (

    select
        versions.*,
        versions.valid_to >= as_of.as_of_end as is_valid_at_as_of
    from versions
    inner join customers on versions.customer_id = customers.customer_id
    cross join as_of
    where versions.valid_from < as_of.as_of_end

),

with_tier as (

    select
        known_by_as_of.*,
        value_tiers.value_tier,
        value_tiers.service_level
    from known_by_as_of
    inner join value_tiers
        on {{ meets_value_tier('known_by_as_of', 'value_tiers') }}
    qualify row_number() over (
        partition by known_by_as_of.customer_id, known_by_as_of.valid_from order by value_tiers.priority
    ) = 1

)

select
    customer_id,
    valid_from,
    case when is_valid_at_as_of then {{ end_of_time() }} else valid_to end as valid_to,
    is_valid_at_as_of,
    birth_date,
    gender,
    marital_status,
    children_count,
    youngest_child_birth_date,
    occupation,
    annual_income,
    aum,
    value_tier,
    service_level,
    customer_risk_level,
    risk_assessed_on,
    branch_id,
    rm_id,
    preferred_channel,
    marketing_consent
from with_tier
