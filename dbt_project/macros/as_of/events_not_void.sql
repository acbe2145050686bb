{#- The events of a table that is only appended to, without those that a void row takes back, whichever came first. -#}
{% macro events_not_void(relation, key) -%}
    select *
    from {{ relation }}
    where
        not coalesce(void, false)
        and {{ key }} not in (select voided.{{ key }} from {{ relation }} as voided where voided.void)
{%- endmacro %}
