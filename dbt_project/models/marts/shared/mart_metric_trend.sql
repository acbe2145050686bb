with

metric_values as (

    select * from {{ ref('metric_values') }}

),

metrics as (

    select * from {{ ref('dim_metric') }}

),

group_values as (

    select * from {{ ref('dim_group_value') }}

),

periods as (

    select * from {{ ref('int_periods') }}

),

parameters as (

    select * from {{ ref('int_parameters') }}

),

-- A missing group has the value 0 if the metric is additive; other kinds have no value.
compared as (

    select
        current_values.*,
        metrics.section,
        metrics.label_zh as metric_label_zh,
        metrics.label_en as metric_label_en,
        metrics.unit,
        metrics.direction,
        metrics.additivity,
        metrics.factor,
        metrics.display_order,
        case
            when metrics.additivity = 'additive' and periods.previous_period is not null
                then coalesce(previous_values.value, 0)
            else previous_values.value
        end as previous_value,
        case
            when metrics.additivity = 'additive' and periods.year_before_period is not null
                then coalesce(year_before_values.value, 0)
            else year_before_values.value
        end as year_before_value
    from metric_values as current_values
    inner join metrics on current_values.metric = metrics.metric
    inner join periods
        on
            current_values.period_type = periods.period_type
            and current_values.period = periods.period
    left join metric_values as previous_values
        on
            current_values.metric = previous_values.metric
            and current_values.period_type = previous_values.period_type
            and periods.previous_period = previous_values.period
            and current_values.group_by = previous_values.group_by
            and current_values.group_value = previous_values.group_value
    left join metric_values as year_before_values
        on
            current_values.metric = year_before_values.metric
            and current_values.period_type = year_before_values.period_type
            and periods.year_before_period = year_before_values.period
            and current_values.group_by = year_before_values.group_by
            and current_values.group_value = year_before_values.group_value

)

select
    compared.metric,
    compared.period_type,
    compared.period,
    compared.group_by,
    compared.group_value,
    compared.numerator,
    compared.denominator,
    compared.value,
    compared.n,
    compared.in_progress,
    compared.section,
    compared.metric_label_zh,
    compared.metric_label_en,
    compared.unit,
    compared.direction,
    compared.additivity,
    compared.factor,
    compared.display_order,
    coalesce(group_values.label_zh, compared.group_value) as group_label_zh,
    coalesce(group_values.label_en, compared.group_value) as group_label_en,
    group_values.sort_order as group_sort_order,
    compared.previous_value,
    compared.year_before_value,
    {{ change_of_value('compared.value', 'compared.previous_value', 'compared.unit') }} as change_previous,
    {{ change_of_value('compared.value', 'compared.year_before_value', 'compared.unit') }} as change_year_before,
    compared.n < parameters.min_cell as is_small
from compared
cross join parameters
left join group_values
    on
        compared.group_by = group_values.group_by
        and compared.group_value = group_values.group_value
order by
    compared.display_order,
    compared.period,
    compared.group_by,
    group_values.sort_order
