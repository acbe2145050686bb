{#-
  History of a table delivered in versions: one row per key and updated_at, with its validity.

  Of two versions with the same updated_at, the one loaded later wins (the other stays in raw).
  A version is valid at t when valid_from < t <= valid_to: it was the last one written before t. The first is valid
  from the beginning of time, whatever its updated_at, and the last to its end.
-#}
{% macro versions_of(relation, key) -%}
    {%- set key_columns = key | join(', ') -%}
    select
        *,
        case
            when lag(updated_at) over (partition by {{ key_columns }} order by updated_at) is null
                then {{ beginning_of_time() }}
            else updated_at
        end as valid_from,
        coalesce(
            lead(updated_at) over (partition by {{ key_columns }} order by updated_at), {{ end_of_time() }}
        ) as valid_to,
        lag(updated_at) over (partition by {{ key_columns }} order by updated_at) is null as is_first,
        lead(updated_at) over (partition by {{ key_columns }} order by updated_at) is null as is_current
    from (
        select *
        from {{ relation }}
        qualify row_number() over (partition by {{ key_columns }}, updated_at order by _load_id desc, _line desc) = 1
    ) as unreplaced
{%- endmacro %}


{#- Earlier than any timestamp the source contract accepts. -#}
{% macro beginning_of_time() -%} cast('1000-01-01 00:00:00' as timestamp) {%- endmacro %}


{#- Later than any timestamp the source contract accepts. -#}
{% macro end_of_time() -%} cast('9999-12-31 00:00:00' as timestamp) {%- endmacro %}
