{#- Key of the unknown member in every dimension and grouping. -#}
{% macro unknown_member() -%} cast('unknown' as {{ dbt.type_string() }}) {%- endmacro %}
