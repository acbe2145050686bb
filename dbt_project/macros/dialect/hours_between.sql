{#- Elapsed hours from one timestamp to another, with fractions. -#}
{% macro hours_between(from_timestamp, to_timestamp) -%}
    {{ return(adapter.dispatch('hours_between', 'needloop')(from_timestamp, to_timestamp)) }}
{%- endmacro %}

{% macro default__hours_between(from_timestamp, to_timestamp) -%}
    (date_diff('microsecond', {{ from_timestamp }}, {{ to_timestamp }}) / 3600000000.0e0)
{%- endmacro %}

{% macro spark__hours_between(from_timestamp, to_timestamp) -%}
    (timestampdiff(microsecond, {{ from_timestamp }}, {{ to_timestamp }}) / cast(3600000000 as double))
{%- endmacro %}
