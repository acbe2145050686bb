with

periods as (

    select * from {{ ref('int_periods') }}

),

warnings as (

    select * from {{ ref('int_warning_spells') }}

)

select
    periods.period_type,
    periods.period,
    periods.qs as period_starts_at,
    warnings.kind,
    sum({{ flag('warnings.until_day > periods.covered_until') }}) as warnings_open,
    sum({{ flag('warnings.from_day >= periods.starts_on') }}) as warnings_opened
from warnings
inner join periods
    on
        warnings.from_day <= periods.covered_until
        and (warnings.until_day > periods.covered_until or warnings.from_day >= periods.starts_on)
group by
    periods.period_type,
    periods.period,
    periods.qs,
    warnings.kind
