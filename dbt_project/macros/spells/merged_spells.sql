{#-
  Spells are half-open intervals of days: something holds at the end of day d when from_day <= d and d < until_day.
  Returns the longest spells that a relation's spells make up: those of the same keys that overlap or follow each other
  are one. Empty spells are dropped. Cost: one sort of the relation.
-#}
{% macro merged_spells(relation, keys) -%}
    {%- set key_columns = keys | join(', ') -%}
    select
        {{ key_columns }},
        min(from_day) as from_day,
        max(until_day) as until_day
    from (
        select
            *,
            sum(begins_anew) over (
                partition by {{ key_columns }} order by from_day, until_day
                rows between unbounded preceding and current row
            ) as spell_number
        from (
            select
                *,
                case
                    when from_day <= max(until_day) over (
                        partition by {{ key_columns }} order by from_day, until_day
                        rows between unbounded preceding and 1 preceding
                    ) then 0
                    else 1
                end as begins_anew
            from {{ relation }}
            where from_day < until_day
        ) as with_beginnings
    ) as numbered
    group by
        {{ key_columns }},
        spell_number
{%- endmacro %}
