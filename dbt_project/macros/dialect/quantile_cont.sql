{#- The quantile of a column by linear interpolation; aggregates, ignores nulls. -#}
{% macro quantile_cont(column, quantile) -%}
    {{ return(adapter.dispatch('quantile_cont', 'needloop')(column, quantile)) }}
{%- endmacro %}

{% macro default__quantile_cont(column, quantile) -%}
    quantile_cont({{ column }}, {{ quantile }})
{%- endmacro %}

{% macro spark__quantile_cont(column, quantile) -%}
    percentile({{ column }}, {{ quantile }})
{%- endmacro %}
