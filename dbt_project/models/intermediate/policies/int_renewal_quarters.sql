{#-
  A renewal payment is in the quarter of its day, and in the quarter a year later as what that quarter is compared with:
  there up to the same day of the year, so that a quarter in progress is compared with as much of the year before. It
  finds both by the day on which the quarter starts, so that the largest of these tables is joined by equality.
-#}
with

premiums as (

    select * from {{ ref('int_premiums') }}

),

policies as (

    select * from {{ ref('int_policy_lifecycle') }}

),

parameters as (

    select * from {{ ref('int_parameters') }}

),

quarters as (

    select
        period,
        starts_on,
        {{ add_months('starts_on', -12) }} as starts_on_year_before,
        qs,
        c,
        {{ dbt.dateadd('month', -12, 'c') }} as c_year_before,
        in_progress
    from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

customer_quarters as (

    select * from {{ ref('int_customer_period') }}

),

renewals as (

    select
        premiums.policy_id,
        premiums.paid_on,
        {{ first_day_of('quarter', 'premiums.paid_on') }} as paid_quarter_starts_on,
        premiums.paid_amount
    from premiums
    cross join parameters
    inner join policies on premiums.policy_id = policies.policy_id
    where
        premiums.paid_on is not null
        and premiums.paid_amount is not null
        and premiums.due_on >= {{ add_months('policies.effective_on', 'parameters.renewal_after_months') }}

),

in_their_quarters as (

    select
        renewals.policy_id,
        quarters.period,
        renewals.paid_amount as renewal_premium,
        1 as renewal_payments,
        0 as renewal_premium_year_before,
        0 as renewal_payments_year_before
    from renewals
    inner join quarters
        on
            renewals.paid_quarter_starts_on = quarters.starts_on
            and renewals.paid_on < quarters.c

    union all

    select
        renewals.policy_id,
        quarters.period,
        0 as renewal_premium,
        0 as renewal_payments,
        renewals.paid_amount as renewal_premium_year_before,
        1 as renewal_payments_year_before
    from renewals
    inner join quarters
        on
            renewals.paid_quarter_starts_on = quarters.starts_on_year_before
            and renewals.paid_on < quarters.c_year_before

),

by_quarter as (

    select
        policy_id,
        period,
        sum(renewal_premium) as renewal_premium,
        sum(renewal_payments) as renewal_payments,
        sum(renewal_premium_year_before) as renewal_premium_year_before,
        sum(renewal_payments_year_before) as renewal_payments_year_before
    from in_their_quarters
    group by
        policy_id,
        period

)

select
    by_quarter.policy_id,
    by_quarter.period,
    quarters.qs as period_starts_at,
    quarters.in_progress,
    policies.product_category,
    policies.branch,
    policies.region,
    policies.sales_channel,
    policies.payment_mode,
    coalesce(customer_quarters.value_tier, {{ unknown_member() }}) as value_tier,
    coalesce(customer_quarters.segment, {{ unknown_member() }}) as segment,
    by_quarter.renewal_premium,
    by_quarter.renewal_payments,
    by_quarter.renewal_premium_year_before,
    by_quarter.renewal_payments_year_before
from by_quarter
inner join quarters on by_quarter.period = quarters.period
inner join policies on by_quarter.policy_id = policies.policy_id
left join customer_quarters
    on
        policies.customer_id = customer_quarters.customer_id
        and by_quarter.period = customer_quarters.period
