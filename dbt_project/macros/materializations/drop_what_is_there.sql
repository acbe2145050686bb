{#- Drops the table or view of this name: DuckDB refuses to drop one as the other. -#}
{% macro drop_what_is_there(relation) -%}
    {%- set existing = load_cached_relation(relation) -%}
    {%- if existing is not none %}
        drop {{ existing.type }} {{ existing }};
    {%- endif %}
{%- endmacro %}
