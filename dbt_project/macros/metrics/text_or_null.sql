{#- A text of the semantic definitions as a literal; null where none is given. Line breaks and runs of blanks become one blank. -#}
{% macro text_or_null(text) -%}
    {%- if text is none or text is undefined -%}
    cast(null as {{ dbt.type_string() }})
    {%- else -%}
    cast('{{ dbt.escape_single_quotes(text.split() | join(' ')) }}' as {{ dbt.type_string() }})
    {%- endif -%}
{%- endmacro %}
