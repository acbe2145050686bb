{#- A date some months later; where that month is shorter, its last day. -#}
{% macro add_months(day, months) -%}
    cast({{ dbt.dateadd('month', months, day) }} as date)
{%- endmacro %}
