{#- Events of an append-only table, excluding those voided by a void row, whichever arrived first. -#}
{% macro events_not_void(relation, key) -%}
    select *
    from {{ relation }}
    where
        not coalesce(void, false)
        and {{ key }} not in (select voided.{{ key }} from {{ relation }} as voided where voided.void)
{%- endmacro %}
