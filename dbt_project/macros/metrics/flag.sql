{#- A condition as 1 or 0, so that it can be summed; a condition that is null is not met. -#}
{% macro flag(condition) -%}
    case when {{ condition }} then 1 else 0 end
{%- endmacro %}
