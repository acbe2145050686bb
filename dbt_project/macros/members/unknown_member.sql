{#- The key of the member to which rows of no known member belong, in every dimension and grouping. -#}
{% macro unknown_member() -%} cast('unknown' as {{ dbt.type_string() }}) {%- endmacro %}
