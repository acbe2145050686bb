{#- Quarters counted through the years, so that the quarter after has the next number. -#}
{% macro quarter_number(day) -%}
    cast(4 * extract(year from {{ day }}) + extract(quarter from {{ day }}) as integer)
{%- endmacro %}
