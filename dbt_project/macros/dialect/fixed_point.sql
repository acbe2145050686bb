{#-
  A fractional number with 15 decimals. Sums and means of these are exact, so they are the same in whatever order the rows
  are read; the last digits of a floating point sum change with the order. Use it before sum() or avg() of quotients, rates
  and ranks.
-#}
{% macro fixed_point(number) -%}
    cast({{ number }} as decimal(38, 15))
{%- endmacro %}
