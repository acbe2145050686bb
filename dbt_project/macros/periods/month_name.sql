{#- The month of a date, e.g. 2026-09. -#}
{% macro month_name(day) -%}
    cast(extract(year from {{ day }}) as {{ dbt.type_string() }})
    || '-'
    || lpad(cast(extract(month from {{ day }}) as {{ dbt.type_string() }}), 2, '0')
{%- endmacro %}
