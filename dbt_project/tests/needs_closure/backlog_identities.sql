{#-
  The age bands add up to the closing backlog, in every group. What is open at the start of a quarter is what was open
  at the end of the one before, in every group that does not change with time (segment and tier are taken at the end of
  each quarter, so a customer who moves takes the open needs along).
-#}
with

metric_values as (

    select
        metric,
        period,
        group_by,
        group_value,
        numerator
    from {{ ref('metric_values') }}

),

by_age as (

    select
        'age bands' as broken_identity,
        period,
        group_by,
        group_value,
        sum(case when metric = 'closing_backlog' then numerator else -numerator end) as difference
    from metric_values
    where metric = 'closing_backlog' or metric like 'backlog_age_%'
    group by
        period,
        group_by,
        group_value

),

carried_over as (

    select
        period,
        group_by,
        group_value,
        numerator
    from metric_values
    where metric = 'opening_backlog'

    union all

    select
        periods.period,
        closing.group_by,
        closing.group_value,
        -closing.numerator as numerator
    from metric_values as closing
    inner join {{ ref('dim_period') }} as periods on closing.period = periods.previous_period
    where closing.metric = 'closing_backlog'

),

from_quarter_to_quarter as (

    select
        'opening is closing of the quarter before' as broken_identity,
        carried_over.period,
        carried_over.group_by,
        carried_over.group_value,
        sum(carried_over.numerator) as difference
    from carried_over
    inner join {{ ref('dim_period') }} as periods on carried_over.period = periods.period
    where
        periods.previous_period is not null
        and carried_over.group_by not in ('segment', 'value_tier')
    group by
        carried_over.period,
        carried_over.group_by,
        carried_over.group_value

),

identities as (

    select * from by_age
    union all
    select * from from_quarter_to_quarter

)

select *
from identities
where difference <> 0
