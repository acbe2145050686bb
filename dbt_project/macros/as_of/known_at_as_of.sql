{#-
  One row per key of a versioned table, as known at as_of; rows deleted by then are excluded.

  as_known          columns of the version valid at as_of: the last one written before its end, or the first version
                    where none is that old. That version also says whether the row is deleted.
  dated             date and timestamp columns: of the current version, whenever it was written; null when after as_of.
  planned           date columns that may lie ahead: of the current version, never cut.
  with_date         {column: date expression}: of the current version, null while the date lies after as_of.
  with_status       {column: [[date, before], …]}: of the current version; `before` while the date lies after as_of,
                    the first such pair.
  of_first_version  columns of the first version, named first_<column>.

  The caller decides which event has to lie before as_of_end for the row to exist: `happened` is that column.
-#}
{% macro known_at_as_of(
    relation, key, as_known=[], dated=[], planned=[], with_date={}, with_status={}, of_first_version=[], happened=none
) -%}
    {%- set current = dated + planned + (with_date.keys() | list) + (with_status.keys() | list) -%}
    {%- set key_columns = key | join(', ') -%}
    select
    {%- for column in key + as_known %}
        {{ column }},
    {%- endfor %}
    {%- for column in of_first_version %}
        first_{{ column }},
    {%- endfor %}
    {%- for column in dated %}
        case when current_{{ column }} < as_of_end then current_{{ column }} end as {{ column }},
    {%- endfor %}
    {%- for column in planned %}
        current_{{ column }} as {{ column }},
    {%- endfor %}
    {%- for column, rules in with_status.items() %}
        case
        {%- for date, before in rules %}
            when current_{{ date }} >= as_of_end then '{{ before }}'
        {%- endfor %}
            else current_{{ column }}
        end as {{ column }},
    {%- endfor %}
    {%- for column, date in with_date.items() %}
        case when {{ date }} >= as_of_end then null else current_{{ column }} end as {{ column }},
    {%- endfor %}
        version_written_at
    from (
        select
        {%- for column in key + as_known %}
            versions.{{ column }},
        {%- endfor %}
        {%- for column in current %}
            last_value(versions.{{ column }}) over history as current_{{ column }},
        {%- endfor %}
        {%- for column in of_first_version %}
            first_value(versions.{{ column }}) over history as first_{{ column }},
        {%- endfor %}
            versions.updated_at as version_written_at,
            versions.is_deleted,
            versions.valid_from,
            versions.valid_to,
            as_of.as_of_end
        from {{ relation }} as versions
        cross join {{ ref('int_as_of') }} as as_of
        window history as (
            partition by {{ key_columns }} order by versions.updated_at
            rows between unbounded preceding and unbounded following
        )
    ) as versions
    where
        valid_from < as_of_end
        and as_of_end <= valid_to
        and not is_deleted
    {%- if happened %}
        and {{ happened if happened in key else 'current_' ~ happened }} < as_of_end
    {%- endif %}
{%- endmacro %}
