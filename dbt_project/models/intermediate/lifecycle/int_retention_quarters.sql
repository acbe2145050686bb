with

quarters as (

    select * from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

customers as (

    select * from {{ ref('int_customers') }}

),

policies as (

    select policies.*
    from {{ ref('int_policy_lifecycle') }} as policies
    inner join customers on policies.customer_id = customers.customer_id
    where policies.effective_on is not null

),

first_insured as (

    select
        customer_id,
        min(effective_on) as first_insured_on
    from policies
    group by customer_id

),

cohorts as (

    select
        first_insured.customer_id,
        quarters.period as cohort,
        quarters.period_order
    from first_insured
    inner join quarters
        on
            first_insured.first_insured_on >= quarters.starts_on
            and first_insured.first_insured_on <= quarters.covered_until

),

cover as (

    select
        customer_id,
        in_force_from as from_day,
        in_force_until as until_day
    from policies
    where in_force_from is not null

),

merged_cover as (

    {{ merged_spells('cover', ['customer_id']) }}

)

select
    quarters.period,
    quarters.qs as period_starts_at,
    cohorts.cohort,
    count(*) as customers_first_insured,
    count(merged_cover.customer_id) as customers_retained
from cohorts
inner join quarters on cohorts.period_order <= quarters.period_order
left join merged_cover
    on
        cohorts.customer_id = merged_cover.customer_id
        and quarters.covered_until >= merged_cover.from_day
        and quarters.covered_until < merged_cover.until_day
group by
    quarters.period,
    quarters.qs,
    cohorts.cohort
