{#-
  Names of a complaint's limits, in order; metrics and columns are named after them, and parameters set their
  days.
-#}
{% macro complaint_limits() -%}
    {{ return(['15', '30', '60']) }}
{%- endmacro %}
