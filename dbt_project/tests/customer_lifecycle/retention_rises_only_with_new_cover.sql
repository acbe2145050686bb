{#-
  A cohort keeps its size, and retains at most that. It retains more than a quarter before only by as many customers as
  have begun cover since and had a policy before, which may have ended the day it began.
-#}
with

retention as (

    select
        *,
        lag(customers_retained) over (partition by cohort order by quarters_since) as retained_before,
        lag(customers_first_insured) over (partition by cohort order by quarters_since) as insured_before
    from {{ ref('mart_retention') }}

),

quarters as (

    select
        period,
        covered_until,
        lag(covered_until) over (order by period_order) as covered_until_before
    from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

policies as (

    select * from {{ ref('int_policy_lifecycle') }}

),

begun as (

    select
        quarters.period,
        count(distinct policies.customer_id) as customers
    from quarters
    inner join policies
        on
            quarters.covered_until_before < policies.in_force_from
            and quarters.covered_until >= policies.in_force_from
    inner join policies as earlier
        on
            policies.customer_id = earlier.customer_id
            and policies.in_force_from > earlier.effective_on
    group by quarters.period

)

select
    retention.cohort,
    retention.period,
    retention.customers_retained,
    retention.retained_before,
    begun.customers as covered_again
from retention
left join begun on retention.period = begun.period
where
    retention.customers_retained > retention.customers_first_insured
    or retention.insured_before <> retention.customers_first_insured
    or retention.customers_retained > retention.retained_before + coalesce(begun.customers, 0)
