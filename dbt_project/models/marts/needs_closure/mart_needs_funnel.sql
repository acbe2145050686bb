{#- Each step is the numerator of a published metric, so the funnel always matches the metrics. -#}
{%- set steps = {
    'raised': 'needs_raised',
    'valid': 'needs_valid_raised',
    'resolved': 'resolution_rate',
    'verified': 'closed_loop_rate',
} -%}

with

metric_values as (

    select * from {{ ref('metric_values') }}
    where period_type = 'quarter'

),

labels as (

    select * from {{ ref('dim_group_value') }}

),

step_names as (

    select * from {{ ref('labels') }}
    where group_by = 'funnel_step'

),

groups_raised as (

    select
        period,
        in_progress,
        group_by,
        group_value,
        numerator as raised
    from metric_values
    where metric = 'needs_raised'

),

counted as (
    {% for step, metric in steps.items() %}
    select
        groups_raised.*,
        '{{ step }}' as step,
        {{ loop.index }} as step_order,
        coalesce(metric_values.numerator, 0) as needs
    from groups_raised
    left join metric_values
        on
            groups_raised.period = metric_values.period
            and groups_raised.group_by = metric_values.group_by
            and groups_raised.group_value = metric_values.group_value
            and metric_values.metric = '{{ metric }}'
    {%- if not loop.last %}

    union all
    {% endif %}
    {%- endfor %}

),

compared as (

    select
        *,
        lag(needs) over (partition by period, group_by, group_value order by step_order) as needs_before
    from counted

)

select
    compared.period,
    compared.in_progress,
    compared.group_by,
    compared.group_value,
    coalesce(labels.label_zh, compared.group_value) as group_label_zh,
    coalesce(labels.label_en, compared.group_value) as group_label_en,
    compared.step,
    cast(compared.step_order as integer) as step_order,
    step_names.label_zh as step_label_zh,
    step_names.label_en as step_label_en,
    cast(compared.needs as bigint) as needs,
    compared.needs / nullif(compared.raised, 0) as share_of_raised,
    compared.needs / nullif(compared.needs_before, 0) as share_of_step_before
from compared
left join step_names on compared.step = step_names.group_value
left join labels
    on
        compared.group_by = labels.group_by
        and compared.group_value = labels.group_value
order by
    compared.period,
    compared.group_by,
    labels.sort_order,
    compared.step_order
