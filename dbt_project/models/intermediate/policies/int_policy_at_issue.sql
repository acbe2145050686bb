{#-
  The customer as known at the end of the day of issue: later information does not change whether the sale was suitable.
-#}
with

policies as (

    select
        *,
        cast({{ dbt.dateadd('day', 1, 'issued_on') }} as timestamp) as issue_day_end
    from {{ ref('int_policy_lifecycle') }}

),

versions as (

    select * from {{ ref('int_customer_versions') }}

),

risk_levels as (

    select * from {{ ref('risk_levels') }}

),

double_record_rules as (

    select * from {{ ref('double_record_rules') }}

),

parameters as (

    select * from {{ ref('int_parameters') }}

),

with_customer as (

    select
        policies.policy_id,
        policies.issued_on,
        policies.product_category,
        policies.sales_channel,
        policies.coverage_term_years,
        policies.product_risk_level,
        product_levels.risk_rank as product_risk_rank,
        versions.customer_risk_level,
        customer_levels.risk_rank as customer_risk_rank,
        versions.risk_assessed_on,
        {{ completed_years('versions.birth_date', 'policies.issued_on') }} as age_at_issue
    from policies
    left join versions
        on
            policies.customer_id = versions.customer_id
            and policies.issue_day_end > versions.valid_from
            and policies.issue_day_end <= versions.valid_to
    left join risk_levels as product_levels on policies.product_risk_level = product_levels.product_risk_level
    left join risk_levels as customer_levels on versions.customer_risk_level = customer_levels.customer_risk_level

),

to_be_recorded as (

    select distinct with_customer.policy_id
    from with_customer
    inner join double_record_rules
        on {{ meets_double_record_rule('with_customer', 'double_record_rules') }}

)

select
    with_customer.policy_id,
    with_customer.product_risk_level,
    with_customer.customer_risk_level,
    with_customer.risk_assessed_on,
    cast(with_customer.age_at_issue as integer) as age_at_issue,
    with_customer.product_risk_rank is not null and with_customer.customer_risk_rank is not null as is_assessed,
    coalesce(with_customer.product_risk_rank > with_customer.customer_risk_rank, false) as is_mismatch,
    with_customer.risk_assessed_on is null
    or with_customer.risk_assessed_on > with_customer.issued_on
    or {{ dbt.datediff('with_customer.risk_assessed_on', 'with_customer.issued_on', 'day') }}
    > parameters.risk_assessment_valid_days as is_assessment_stale,
    to_be_recorded.policy_id is not null as is_recording_required
from with_customer
cross join parameters
left join to_be_recorded on with_customer.policy_id = to_be_recorded.policy_id
