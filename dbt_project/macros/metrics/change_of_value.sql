{#-
  Change of a published number. Differences of money are rounded to four decimals to drop floating point noise: 123.46,
  not 123.46000003814697.
-#}
{% macro change_of_value(now, before, unit) -%}
    case when {{ unit }} = 'yuan' then round({{ now }} - {{ before }}, 4) else {{ now }} - {{ before }} end
{%- endmacro %}
