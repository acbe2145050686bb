{#- Calendar months counted through the years, so that the month after has the next number. -#}
{% macro month_number(day) -%}
    cast(12 * extract(year from {{ day }}) + extract(month from {{ day }}) as integer)
{%- endmacro %}
