{#-
  The metric rows of a domain: one per metric, period and group, in the shape metric_values unions:
  metric, period_type, period, group_by, group_value, numerator, denominator, quantile, n.

  facts        relation with one row per thing counted and period, holding the group columns and the measures
  definitions  groups, measures and metrics, as metric_definitions(semantic_model) gives them
  period_types the types of the periods that the facts are in; the names of periods of different types differ

  What each kind of metric keeps:
  additive  numerator = Σ, no denominator; n = rows counted (meta.counted_by names the measure that counts them)
  ratio     numerator and denominator = Σ; n = denominator, or meta.counted_by
  mean      numerator = Σ, denominator = n = number of values
  quantile  no numerator; denominator = n = number of values; linear interpolation between them
  overlapping  as additive or ratio, of things that belong to several groups and are counted once in each

  Facts whose groups are `group_by` and `group_value` bring their groups themselves, the row of `all` among them: so
  where groups overlap or are divided by more than their own rows. All others get theirs from the group columns.

  The facts are read once, with all groupings in one pass (grouping sets). Every reported period has the row of `all`,
  even without facts, unless the metric's definition excludes it; a group only where n ≥ 1 or the numerator is not 0.
  The factor is applied in metric_values.
-#}
{% macro metric_rows(facts, definitions, period_types=['quarter']) %}
{%- set groups = definitions.groups -%}
{%- set measures = definitions.measures -%}
with

facts as (

    select * from {{ facts }}

),

periods as (

    select
        period_type,
        period,
        period_order
    from {{ ref('int_periods') }}
    where period_type in ({% for type in period_types %}'{{ type }}'{% if not loop.last %}, {% endif %}{% endfor %})

),

aggregated as (
{%- set columns = [] %}
{%- for measure in measures %}
    {%- if measure.is_distinct %}
        {%- do columns.append("count(distinct " ~ measure.expression ~ ") as " ~ measure.name) %}
    {%- elif measure.quantile is none %}
        {%- do columns.append("coalesce(sum(" ~ measure.expression ~ "), 0) as " ~ measure.name) %}
    {%- else %}
        {%- do columns.append(quantile_cont(measure.expression, measure.quantile) ~ " as " ~ measure.name) %}
        {%- do columns.append("count(" ~ measure.expression ~ ") as " ~ measure.name ~ "_values") %}
    {%- endif %}
{%- endfor %}
{% if groups == ['group_by', 'group_value'] %}
    select
        period,
        group_by,
        group_value
    {%- for column in columns %},
        {{ column }}
    {%- endfor %}
    from facts
    group by
        period,
        group_by,
        group_value
{% else %}
    {{- rows_by_group("facts", groups, columns) }}
{%- endif %}
),

with_every_period as (

    select
        periods.period_type,
        periods.period,
        periods.period_order,
        'all' as group_by,
        'all' as group_value
    {%- for measure in measures %},
        {% if measure.quantile is none -%}
        coalesce(aggregated.{{ measure.name }}, 0) as {{ measure.name }}
        {%- else -%}
        aggregated.{{ measure.name }},
        coalesce(aggregated.{{ measure.name }}_values, 0) as {{ measure.name }}_values
        {%- endif %}
    {%- endfor %}
    from periods
    left join aggregated
        on periods.period = aggregated.period
        and aggregated.group_by = 'all'

    union all

    select
        periods.period_type,
        aggregated.period,
        periods.period_order,
        aggregated.group_by,
        aggregated.group_value
    {%- for measure in measures %},
        aggregated.{{ measure.name }}
        {%- if measure.quantile is not none %},
        aggregated.{{ measure.name }}_values
        {%- endif %}
    {%- endfor %}
    from aggregated
    inner join periods on aggregated.period = periods.period
    where aggregated.group_by <> 'all'

),

metric_rows as (
{% for metric in definitions.metrics %}
    select
        '{{ metric.name }}' as metric,
        period_type,
        period,
        group_by,
        group_value,
        cast({{ metric.numerator }} as double) as numerator,
        cast({{ metric.denominator }} as double) as denominator,
        cast({{ metric.quantile }} as double) as quantile,
        cast({{ metric.n }} as bigint) as n
    from with_every_period
    where
        true
        {%- if metric.groupings %}
        and group_by in ('{{ metric.groupings | join("', '") }}')
        {%- endif %}
        {%- if metric.period_types %}
        and period_type in ('{{ metric.period_types | join("', '") }}')
        {%- endif %}
        {%- if metric.first_period %}
        and period_order >= {{ metric.first_period }}
        {%- endif %}
    {%- if not loop.last %}
    union all
    {%- endif %}
{%- endfor %}

)

select
    metric,
    period_type,
    period,
    group_by,
    group_value,
    numerator,
    denominator,
    quantile,
    n
from metric_rows
where
    group_by = 'all'
    or n >= 1
    or numerator <> 0
{% endmacro %}
