{#-
  One row per tested policy and period of issue: the month, and the quarter. The three tests have their own columns, 0
  where the policy is not in the cohort. A cohort is immature while any of its policies is.
-#}
with

tests as (

    select * from {{ ref('int_persistency') }}

),

policies as (

    select * from {{ ref('int_policy_lifecycle') }}

),

periods as (

    select * from {{ ref('int_periods') }}

),

versions as (

    select * from {{ ref('int_customer_versions') }}

),

segments as (

    select * from {{ ref('segments') }}

),

side_by_side as (

    select
        policy_id,
        max(case when test_month = 13 then 1 else 0 end) as in_cohort_13,
        max(case when test_month = 13 and is_kept then 1 else 0 end) as kept_13,
        max(case when test_month = 13 and is_immature then 1 else 0 end) as immature_13,
        max(case when test_month = 25 then 1 else 0 end) as in_cohort_25,
        max(case when test_month = 25 and is_kept then 1 else 0 end) as kept_25,
        max(case when test_month = 25 and is_immature then 1 else 0 end) as immature_25,
        max(case when test_month = 37 then 1 else 0 end) as in_cohort_37,
        max(case when test_month = 37 and is_kept then 1 else 0 end) as kept_37,
        max(case when test_month = 37 and is_immature then 1 else 0 end) as immature_37
    from tests
    group by policy_id

),

in_periods as (

    select
        side_by_side.*,
        policies.customer_id,
        policies.product_category,
        policies.branch,
        policies.region,
        policies.sales_channel,
        policies.payment_mode,
        policies.annual_premium,
        periods.period_type,
        periods.period,
        periods.starts_on,
        periods.covered_until,
        periods.c,
        periods.in_progress
    from side_by_side
    inner join policies on side_by_side.policy_id = policies.policy_id
    inner join periods on policies.issued_on between periods.starts_on and periods.ends_on

),

with_customer as (

    select
        in_periods.policy_id,
        in_periods.period,
        versions.value_tier,
        versions.occupation,
        versions.children_count,
        {{ completed_years('versions.birth_date', 'in_periods.covered_until') }} as age
    from in_periods
    inner join versions
        on
            in_periods.customer_id = versions.customer_id
            and in_periods.c > versions.valid_from
            and in_periods.c <= versions.valid_to

),

with_segment as (

    select
        with_customer.*,
        segments.segment
    from with_customer
    inner join segments
        on {{ meets_segment('with_customer', 'segments') }}
    qualify row_number() over (
        partition by with_customer.policy_id, with_customer.period order by segments.priority
    ) = 1

)

select
    in_periods.policy_id,
    in_periods.period_type,
    in_periods.period,
    in_periods.starts_on as period_starts_at,
    in_periods.in_progress,
    in_periods.product_category,
    in_periods.branch,
    in_periods.region,
    in_periods.sales_channel,
    in_periods.payment_mode,
    coalesce(with_segment.value_tier, {{ unknown_member() }}) as value_tier,
    coalesce(with_segment.segment, {{ unknown_member() }}) as segment,
    in_periods.in_cohort_13,
    in_periods.kept_13,
    in_periods.immature_13,
    in_periods.in_cohort_13 * in_periods.annual_premium as premium_13,
    in_periods.kept_13 * in_periods.annual_premium as premium_kept_13,
    in_periods.in_cohort_25,
    in_periods.kept_25,
    in_periods.immature_25,
    in_periods.in_cohort_25 * in_periods.annual_premium as premium_25,
    in_periods.kept_25 * in_periods.annual_premium as premium_kept_25,
    in_periods.in_cohort_37,
    in_periods.kept_37,
    in_periods.immature_37,
    in_periods.in_cohort_37 * in_periods.annual_premium as premium_37,
    in_periods.kept_37 * in_periods.annual_premium as premium_kept_37
from in_periods
left join with_segment
    on
        in_periods.policy_id = with_segment.policy_id
        and in_periods.period = with_segment.period
