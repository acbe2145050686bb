{#-
  The rows of a domain's metrics: one per metric, period and group, in the shape that metric_values unites:
  metric, period_type, period, group_by, group_value, numerator, denominator, quantile, n.

  facts           relation with one row per thing counted and period, holding the group columns and the measures
  semantic_model  name of the semantic model over these facts: its categorical dimensions are the groupings, its
                  measures the aggregates; every published metric made of its measures gets its rows
  period_type     the period type of the facts

  What each kind of metric keeps:
  additive  numerator = Σ, no denominator; n = rows counted (meta.counted_by names the measure that counts them)
  ratio     numerator and denominator = Σ; n = denominator, or meta.counted_by
  mean      numerator = Σ, denominator = n = number of values
  quantile  no numerator; denominator = n = number of values; linear interpolation between them

  The facts are read once, with all groupings in one pass (grouping sets). The row of `all` is there in every shown
  period, also without facts; a group only where n ≥ 1 or the numerator is not 0. The factor is applied in metric_values.
-#}
{% macro metric_rows(facts, semantic_model, period_type='quarter') %}
{%- set definition = (graph.semantic_models.values() | selectattr('name', 'equalto', semantic_model) | list)[0] if execute else {} -%}
{%- set groups = definition.get('dimensions', []) | selectattr('type', 'equalto', 'categorical') | map(attribute='name') | list -%}
{%- set measures = definition.get('measures', []) -%}
{%- set names = measures | map(attribute='name') | list -%}
{%- set quantiles = measures | selectattr('agg', 'equalto', 'percentile') | map(attribute='name') | list -%}
{%- set metrics = [] -%}
{%- for metric in published_metrics() if measures_of(metric) | select('in', names) | list -%}
    {%- do metrics.append(metric) -%}
{%- endfor -%}
with

facts as (

    select * from {{ facts }}

),

periods as (

    select period
    from {{ ref('int_periods') }}
    where period_type = '{{ period_type }}'

),

aggregated as (

    select
        period,
        case
        {%- for group in groups %}
            when grouping({{ group }}) = 0 then '{{ group }}'
        {%- endfor %}
            else 'all'
        end as group_by,
        case
        {%- for group in groups %}
            when grouping({{ group }}) = 0 then {{ group }}
        {%- endfor %}
            else 'all'
        end as group_value
    {%- for measure in measures %},
        {{ aggregated_measure(measure) | indent(8) }}
    {%- endfor %}
    from facts
    group by grouping sets (
        (period)
        {%- for group in groups %},
        (period, {{ group }})
        {%- endfor %}
    )

),

with_every_period as (

    select
        periods.period,
        'all' as group_by,
        'all' as group_value
    {%- for name in names %},
        {% if name in quantiles -%}
        aggregated.{{ name }},
        coalesce(aggregated.{{ name }}_values, 0) as {{ name }}_values
        {%- else -%}
        coalesce(aggregated.{{ name }}, 0) as {{ name }}
        {%- endif %}
    {%- endfor %}
    from periods
    left join aggregated
        on periods.period = aggregated.period
        and aggregated.group_by = 'all'

    union all

    select
        aggregated.period,
        aggregated.group_by,
        aggregated.group_value
    {%- for name in names %},
        aggregated.{{ name }}
        {%- if name in quantiles %},
        aggregated.{{ name }}_values
        {%- endif %}
    {%- endfor %}
    from aggregated
    inner join periods on aggregated.period = periods.period
    where aggregated.group_by <> 'all'

),

metric_rows as (
{% for metric in metrics %}
    {{ rows_of_metric(metric, 'with_every_period', quantiles) }}
    {%- if not loop.last %}

    union all
    {% endif %}
{%- else %}
    {{ no_metric_rows() }}
{%- endfor %}

)

select
    metric,
    '{{ period_type }}' as period_type,
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


{#- A measure of a semantic model as columns of a grouped select. -#}
{% macro aggregated_measure(measure) %}
{%- set expression = measure.expr or measure.name -%}
{%- if measure.agg == 'sum' -%}
coalesce(sum({{ expression }}), 0) as {{ measure.name }}
{%- elif measure.agg == 'percentile' -%}
{{ quantile_cont(expression, measure.agg_params.percentile) }} as {{ measure.name }},
count({{ expression }}) as {{ measure.name }}_values
{%- else -%}
{% do exceptions.raise_compiler_error("Measure " ~ measure.name ~ " has agg: " ~ measure.agg ~ ". Use sum or percentile, or add the aggregation to macros/metrics/metric_rows.sql.") %}
{%- endif -%}
{% endmacro %}


{#- The select of one metric from the aggregated measures. -#}
{% macro rows_of_metric(metric, relation, quantiles) %}
{%- if metric.type == 'ratio' -%}
    {%- set numerator = metric_expression(metric_named(metric.type_params.numerator.name)) -%}
    {%- set denominator = metric_expression(metric_named(metric.type_params.denominator.name)) -%}
    {%- set quantile = 'null' -%}
    {%- set n = metric.config.meta.get('counted_by') or denominator -%}
{%- elif metric_expression(metric) in quantiles -%}
    {%- set numerator = 'null' -%}
    {%- set denominator = metric_expression(metric) ~ '_values' -%}
    {%- set quantile = metric_expression(metric) -%}
    {%- set n = denominator -%}
{%- else -%}
    {%- set numerator = metric_expression(metric) -%}
    {%- set denominator = 'null' -%}
    {%- set quantile = 'null' -%}
    {%- set n = metric.config.meta.get('counted_by') or numerator -%}
{%- endif -%}
select
        '{{ metric.name }}' as metric,
        period,
        group_by,
        group_value,
        cast({{ numerator }} as double) as numerator,
        cast({{ denominator }} as double) as denominator,
        cast({{ quantile }} as double) as quantile,
        cast({{ n }} as bigint) as n
    from {{ relation }}
{%- endmacro %}


{#- The shape of metric rows, without rows: what parses before the definitions are known. -#}
{% macro no_metric_rows() -%}
select
        cast(null as {{ dbt.type_string() }}) as metric,
        cast(null as {{ dbt.type_string() }}) as period,
        cast(null as {{ dbt.type_string() }}) as group_by,
        cast(null as {{ dbt.type_string() }}) as group_value,
        cast(null as double) as numerator,
        cast(null as double) as denominator,
        cast(null as double) as quantile,
        cast(null as bigint) as n
    where 1 = 0
{%- endmacro %}
