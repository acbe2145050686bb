{#-
  How much a published number moved. The difference of two amounts of money ends with their last digits, not with what
  floating point makes of the rest: 123.46, not 123.46000003814697.
-#}
{% macro change_of_value(now, before, unit) -%}
    case when {{ unit }} = 'yuan' then round({{ now }} - {{ before }}, 4) else {{ now }} - {{ before }} end
{%- endmacro %}
