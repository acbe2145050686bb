with

policies as (

    select * from {{ ref('int_policy_lifecycle') }}

),

at_issue as (

    select * from {{ ref('int_policy_at_issue') }}

),

quarters as (

    select *
    from {{ ref('int_periods') }}
    where period_type = 'quarter'

)

select
    quarters.period,
    quarters.in_progress,
    policies.product_category,
    coalesce(at_issue.product_risk_level, {{ unknown_member() }}) as product_risk_level,
    coalesce(at_issue.customer_risk_level, {{ unknown_member() }}) as customer_risk_level,
    at_issue.is_assessed,
    at_issue.is_mismatch,
    count(*) as policies,
    cast(sum(case when at_issue.is_assessment_stale then 1 else 0 end) as bigint) as policies_with_stale_assessment,
    cast(sum(policies.annual_premium) as decimal(38, 2)) as annual_premium
from policies
inner join at_issue on policies.policy_id = at_issue.policy_id
inner join quarters on {{ first_day_of('quarter', 'policies.issued_on') }} = quarters.starts_on
group by
    quarters.period,
    quarters.in_progress,
    policies.product_category,
    coalesce(at_issue.product_risk_level, {{ unknown_member() }}),
    coalesce(at_issue.customer_risk_level, {{ unknown_member() }}),
    at_issue.is_assessed,
    at_issue.is_mismatch
