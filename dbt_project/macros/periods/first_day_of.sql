{#- The first day of the year, quarter or month of a date or timestamp, as a date. -#}
{% macro first_day_of(unit, day) -%}
    cast({{ dbt.date_trunc(unit, day) }} as date)
{%- endmacro %}
