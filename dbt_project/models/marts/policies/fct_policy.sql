with

policies as (

    select * from {{ ref('int_policy_lifecycle') }}

),

at_issue as (

    select * from {{ ref('int_policy_at_issue') }}

),

payment_modes as (

    select * from {{ ref('payment_modes') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

-- The last reported quarter ends with as_of, so what a customer is at its end is what the customer is now.
last_quarter as (

    select period
    from {{ ref('int_periods') }}
    where period_type = 'quarter'
    qualify row_number() over (order by period_order desc) = 1

),

customers_now as (

    select customer_quarters.*
    from {{ ref('int_customer_period') }} as customer_quarters
    inner join last_quarter on customer_quarters.period = last_quarter.period

),

outcomes as (

    select
        policy_id,
        test_month,
        case
            when is_immature then 'immature'
            when is_kept then 'kept'
            else 'not_kept'
        end as outcome
    from {{ ref('int_persistency') }}

),

tested as (

    select
        policy_id,
        max(case when test_month = 13 then outcome end) as persistency_13,
        max(case when test_month = 25 then outcome end) as persistency_25,
        max(case when test_month = 37 then outcome end) as persistency_37
    from outcomes
    group by policy_id

)

select
    policies.policy_id,
    policies.product as product_id,
    policies.product_category,
    policies.branch as branch_id,
    policies.region,
    policies.staff as staff_id,
    policies.sales_channel,
    coalesce(customers_now.segment, {{ unknown_member() }}) as segment,
    coalesce(customers_now.value_tier, {{ unknown_member() }}) as value_tier,
    policies.payment_mode,
    cast(policies.payment_term_years as integer) as payment_term_years,
    cast(policies.coverage_term_years as integer) as coverage_term_years,
    policies.annual_premium,
    {{ annual_premium_equivalent('policies.annual_premium', 'payment_modes.ape_weight') }} as ape,
    policies.sum_assured,
    policies.issued_on,
    policies.effective_on,
    policies.status,
    policies.ended_on,
    coalesce(policies.in_force_until > as_of.as_of, false) as is_in_force,
    coalesce(policies.product_risk_level, {{ unknown_member() }}) as product_risk_level,
    coalesce(at_issue.customer_risk_level, {{ unknown_member() }}) as customer_risk_level_at_issue,
    at_issue.is_assessed,
    at_issue.is_mismatch,
    at_issue.is_assessment_stale,
    at_issue.is_recording_required,
    policies.is_double_recorded,
    tested.persistency_13,
    tested.persistency_25,
    tested.persistency_37
from policies
cross join as_of
inner join at_issue on policies.policy_id = at_issue.policy_id
inner join payment_modes on policies.payment_mode = payment_modes.payment_mode
left join customers_now on policies.customer_id = customers_now.customer_id
left join tested on policies.policy_id = tested.policy_id
