{#- The names of a complaint's limits, the first first; metrics and columns are named after them, their days are parameters. -#}
{% macro complaint_limits() -%}
    {{ return(['15', '30', '60']) }}
{%- endmacro %}
