{#-
  Schemas are named exactly as configured (staging, intermediate, marts, reference), without the target
  schema as prefix.
-#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
