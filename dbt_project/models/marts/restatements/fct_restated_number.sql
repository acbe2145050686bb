{#-
  Numbers are compared as they are, to the last digit. Compared is what the closed release could have published: its
  metrics, its groupings and, of its periods, those that are still shown. A metric or grouping added later restates
  nothing.
-#}
with

closed_quarters as (

    select * from {{ ref('stg_closing__quarters') }}

),

closed_values as (

    select * from {{ ref('stg_closing__metric_values') }}

),

closed_inputs as (

    select * from {{ ref('stg_closing__metric_inputs') }}

),

current_values as (

    select * from {{ ref('metric_values') }}

),

periods as (

    select * from {{ ref('int_periods') }}

),

closed_periods as (

    select
        closed_quarters.quarter,
        parts.period_type,
        parts.period
    from closed_quarters
    inner join periods as wholes
        on
            closed_quarters.quarter = wholes.period
            and wholes.period_type = 'quarter'
    inner join periods as parts
        on
            wholes.starts_on <= parts.starts_on
            and wholes.ends_on >= parts.ends_on

),

numbers_then as (

    select closed_values.*
    from closed_values
    inner join closed_periods
        on
            closed_values.quarter = closed_periods.quarter
            and closed_values.period_type = closed_periods.period_type
            and closed_values.period = closed_periods.period

),

numbers_now as (

    select
        closed_periods.quarter,
        current_values.*
    from current_values
    inner join closed_periods
        on
            current_values.period_type = closed_periods.period_type
            and current_values.period = closed_periods.period
    inner join closed_inputs
        on
            closed_periods.quarter = closed_inputs.quarter
            and current_values.metric = closed_inputs.metric
            and closed_inputs.kind = 'grouping'
            and current_values.group_by = closed_inputs.input_name

),

compared as (

    select
        coalesce(numbers_then.quarter, numbers_now.quarter) as quarter,
        coalesce(numbers_then.metric, numbers_now.metric) as metric,
        coalesce(numbers_then.period_type, numbers_now.period_type) as period_type,
        coalesce(numbers_then.period, numbers_now.period) as period,
        coalesce(numbers_then.group_by, numbers_now.group_by) as group_by,
        coalesce(numbers_then.group_value, numbers_now.group_value) as group_value,
        numbers_then.numerator as old_numerator,
        numbers_then.denominator as old_denominator,
        numbers_then.value as old_value,
        numbers_then.n as old_n,
        numbers_now.numerator as new_numerator,
        numbers_now.denominator as new_denominator,
        numbers_now.value as new_value,
        numbers_now.n as new_n
    from numbers_then
    full outer join numbers_now
        on
            numbers_then.quarter = numbers_now.quarter
            and numbers_then.metric = numbers_now.metric
            and numbers_then.period_type = numbers_now.period_type
            and numbers_then.period = numbers_now.period
            and numbers_then.group_by = numbers_now.group_by
            and numbers_then.group_value = numbers_now.group_value

)

select *
from compared
where
    old_numerator is distinct from new_numerator
    or old_denominator is distinct from new_denominator
    or old_value is distinct from new_value
    or old_n is distinct from new_n
