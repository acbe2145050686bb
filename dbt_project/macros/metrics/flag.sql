{#- A condition as 1 or 0 for summing; null counts as not met. -#}
{% macro flag(condition) -%}
    case when {{ condition }} then 1 else 0 end
{%- endmacro %}
