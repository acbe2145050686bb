{#- Generated from the project's graph, so it always matches what a build does. -#}
{%- set inputs = metric_inputs() -%}
{%- set text = dbt.type_string() -%}

with

inputs as (
{% if inputs %}
    select
        metric,
        kind,
        input_name,
        fingerprint
    from (
        values
    {%- for input in inputs %}
        ('{{ input | join("', '") }}'){{ ',' if not loop.last }}
    {%- endfor %}
    ) as listed (metric, kind, input_name, fingerprint)
{%- else %}
    select
        cast(null as {{ text }}) as metric,
        cast(null as {{ text }}) as kind,
        cast(null as {{ text }}) as input_name,
        cast(null as {{ text }}) as fingerprint
    where 1 = 0
{%- endif %}

)

select
    cast(metric as {{ text }}) as metric,
    cast(kind as {{ text }}) as kind,
    cast(input_name as {{ text }}) as input_name,
    cast(fingerprint as {{ text }}) as fingerprint
from inputs
