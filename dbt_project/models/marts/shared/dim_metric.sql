{#- Generated from the semantic definitions at run time, so a metric's wording, unit and factor are written once. -#}
{%- set metrics = published_metrics() -%}
{%- set texts = ['section', 'label_zh', 'label_en', 'description_zh', 'description_en', 'numerator_zh', 'numerator_en', 'denominator_zh', 'denominator_en', 'unit', 'direction', 'additivity'] -%}

with

metrics as (
{% for metric in metrics %}
    {%- set said = dict(metric.config.meta, label_en=metric.label, description_en=metric.description) %}
    select
        '{{ metric.name }}' as metric,
    {%- for text in texts %}
        {{ text_or_null(said.get(text)) }} as {{ text }},
    {%- endfor %}
        cast({{ said.get('factor', 1) }} as double) as factor,
        cast({{ said.get('shift', 0) }} as double) as shift,
        {{ text_or_null(said.get('owner')) }} as owner,
        cast({{ said.display_order }} as integer) as display_order,
        {{ 'true' if 'all' in said.get('groupings', ['all']) else 'false' }} as has_total,
        cast({{ said.get('first_period', 1) }} as integer) as first_period
    {%- if not loop.last %}
    union all
    {%- endif %}
{%- else %}
    select
        cast(null as {{ dbt.type_string() }}) as metric,
    {%- for text in texts %}
        cast(null as {{ dbt.type_string() }}) as {{ text }},
    {%- endfor %}
        cast(null as double) as factor,
        cast(null as double) as shift,
        cast(null as {{ dbt.type_string() }}) as owner,
        cast(null as integer) as display_order,
        cast(null as boolean) as has_total,
        cast(null as integer) as first_period
    where 1 = 0
{%- endfor %}

)

select
    metric,
{%- for text in texts %}
    {{ text }},
{%- endfor %}
    factor,
    shift,
    owner,
    display_order,
    has_total,
    first_period
from metrics
