{#- A person who became a customer during the month has no stage at its start and is excluded. -#}
with

months as (

    select
        period,
        qs,
        covered_until,
        lag(covered_until) over (order by period_order) as covered_until_before
    from {{ ref('int_periods') }}
    where period_type = 'month'

),

stages as (

    select * from {{ ref('int_customer_stage_spells') }}

)

select
    months.period,
    months.qs as period_starts_at,
    earlier.stage as stage_before,
    later.stage,
    earlier.stage || '>' || later.stage as transition,
    count(*) as customers
from months
inner join stages as earlier
    on
        months.covered_until_before >= earlier.from_day
        and months.covered_until_before < earlier.until_day
inner join stages as later
    on
        earlier.customer_id = later.customer_id
        and months.covered_until >= later.from_day
        and months.covered_until < later.until_day
group by
    months.period,
    months.qs,
    earlier.stage,
    later.stage
