{#-
  Elapsed microseconds from one timestamp to another, as a whole number. Sums of these are exact whatever the order
  of the rows; dividing the sum gives hours whose last digit is the same on every run.
-#}
{% macro microseconds_between(from_timestamp, to_timestamp) -%}
    {{ return(adapter.dispatch('microseconds_between', 'needloop')(from_timestamp, to_timestamp)) }}
{%- endmacro %}

{% macro default__microseconds_between(from_timestamp, to_timestamp) -%}
    date_diff('microsecond', {{ from_timestamp }}, {{ to_timestamp }})
{%- endmacro %}

{% macro spark__microseconds_between(from_timestamp, to_timestamp) -%}
    timestampdiff(microsecond, {{ from_timestamp }}, {{ to_timestamp }})
{%- endmacro %}
