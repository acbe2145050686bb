{#- The quarter of a date, e.g. 2026Q3. -#}
{% macro quarter_name(day) -%}
    cast(extract(year from {{ day }}) as {{ dbt.type_string() }})
    || 'Q'
    || cast(extract(quarter from {{ day }}) as {{ dbt.type_string() }})
{%- endmacro %}
