{#- A text of the semantic definitions as a literal; null if missing. Whitespace runs become one space. -#}
{% macro text_or_null(text) -%}
    {%- if text is none or text is undefined -%}
    cast(null as {{ dbt.type_string() }})
    {%- else -%}
    cast('{{ dbt.escape_single_quotes(text.split() | join(' ')) }}' as {{ dbt.type_string() }})
    {%- endif -%}
{%- endmacro %}
