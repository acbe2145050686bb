with

periods as (

    select * from {{ ref('int_periods') }}

),

standing as (

    select * from {{ ref('int_customer_standing_spells') }}

)

select
    periods.period_type,
    periods.period,
    periods.qs as period_starts_at,
    standing.stage,
    standing.value_tier,
    standing.service_level,
    standing.segment,
    count(*) as customers
from standing
inner join periods
    on
        standing.from_day <= periods.covered_until
        and standing.until_day > periods.covered_until
group by
    periods.period_type,
    periods.period,
    periods.qs,
    standing.stage,
    standing.value_tier,
    standing.service_level,
    standing.segment
