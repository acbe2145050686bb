with

periods as (

    select * from {{ ref('int_periods') }}

),

gaps as (

    select * from {{ ref('int_coverage_gap_spells') }}

)

select
    periods.period_type,
    periods.period,
    periods.qs as period_starts_at,
    gaps.rule,
    count(*) as gaps
from gaps
inner join periods
    on
        gaps.from_day <= periods.covered_until
        and gaps.until_day > periods.covered_until
group by
    periods.period_type,
    periods.period,
    periods.qs,
    gaps.rule
