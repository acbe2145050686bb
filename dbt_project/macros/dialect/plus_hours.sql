{#- A timestamp a number of elapsed hours later (earlier where negative); `hours` is a whole number or a column of such. A day has 24 hours. -#}
{% macro plus_hours(timestamp, hours) -%}
    {{ return(adapter.dispatch('plus_hours', 'needloop')(timestamp, hours)) }}
{%- endmacro %}


{% macro default__plus_hours(timestamp, hours) -%}
    ({{ timestamp }} + ({{ hours }}) * interval '1' hour)
{%- endmacro %}


{% macro spark__plus_hours(timestamp, hours) -%}
    timestampadd(hour, {{ hours }}, {{ timestamp }})
{%- endmacro %}


{#- A timestamp a number of days of 24 hours later (earlier where negative); `days` is a whole number or a column of such. -#}
{% macro plus_days(timestamp, days) -%}
    {{ plus_hours(timestamp, '24 * ' ~ days) }}
{%- endmacro %}
