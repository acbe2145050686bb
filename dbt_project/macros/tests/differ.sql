{#-
  Whether two published numbers differ. Each is an exact sum that became floating point at the end, so equal sums agree to
  14 digits whatever their size; a lost cent shows up to a million million. Add published numbers as fixed_point numbers.
-#}
{% macro differ(one, other) -%}
    abs({{ one }} - {{ other }}) > greatest(1e-6, 1e-14 * abs({{ other }}))
{%- endmacro %}
