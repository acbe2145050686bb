{#-
  Joins a payment to its quarter by the quarter's start date, not by a range, so the largest table gets an equality
  join.
-#}
with

policies as (

    select * from {{ ref('int_policy_lifecycle') }}

),

premiums as (

    select * from {{ ref('int_premiums') }}

),

quarters as (

    select
        period,
        starts_on,
        qs,
        c,
        in_progress
    from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

covered as (

    select
        policies.policy_id,
        quarters.period
    from policies
    inner join quarters
        on
            cast(policies.in_force_from as timestamp) < quarters.c
            and quarters.qs < cast(policies.in_force_until as timestamp)

),

paid as (

    select
        premiums.policy_id,
        quarters.period,
        sum(premiums.paid_amount) as premium_paid,
        count(*) as premium_payments
    from premiums
    inner join quarters
        on
            {{ first_day_of('quarter', 'premiums.paid_on') }} = quarters.starts_on
            and cast(premiums.paid_on as timestamp) < quarters.c
    where premiums.paid_amount is not null
    group by
        premiums.policy_id,
        quarters.period

),

either as (

    select
        coalesce(covered.policy_id, paid.policy_id) as policy_id,
        coalesce(covered.period, paid.period) as period,
        covered.policy_id is not null as is_exposed,
        coalesce(paid.premium_paid, 0) as premium_paid,
        coalesce(paid.premium_payments, 0) as premium_payments
    from covered
    full outer join paid
        on
            covered.policy_id = paid.policy_id
            and covered.period = paid.period

)

select
    either.policy_id,
    either.period,
    quarters.qs as period_starts_at,
    quarters.in_progress,
    coalesce(policies.product_category, {{ unknown_member() }}) as product_category,
    coalesce(policies.branch, {{ unknown_member() }}) as branch,
    coalesce(policies.region, {{ unknown_member() }}) as region,
    {{ flag('either.is_exposed') }} as policies_exposed,
    case when either.is_exposed then policies.customer_id end as customer_exposed,
    either.premium_paid,
    either.premium_payments
from either
inner join quarters on either.period = quarters.period
left join policies on either.policy_id = policies.policy_id
