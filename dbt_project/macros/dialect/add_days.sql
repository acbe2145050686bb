{#- A date some days later (earlier where negative); `days` is a whole number or a column of such. -#}
{% macro add_days(day, days) -%}
    cast({{ dbt.dateadd('day', days, day) }} as date)
{%- endmacro %}
