{#-
  Business hours from one timestamp to another, with fractions; null where either is. `from_day` and `to_day` are the
  aliases under which int_business_days is left-joined on the day of each, as business_clock says.
-#}
{% macro business_hours_between(from_timestamp, to_timestamp, from_day, to_day) -%}
    {{ business_hours_of_clocks(business_clock(from_timestamp, from_day), business_clock(to_timestamp, to_day)) }}
{%- endmacro %}
