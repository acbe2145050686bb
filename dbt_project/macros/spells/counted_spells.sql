{#-
  Splits time at every day on which anything changes and counts what holds in between.

  relation    spells: the keys, `condition` (a name), from_day, until_day; see merged_spells
  keys        whose spells are counted together, such as the customer
  conditions  the names to count; each becomes a column with the number of spells of that name that hold

  Returns keys, from_day, until_day and the counts, from the first day of any spell to the last. Cost: one sort of twice
  the relation's rows, however long the spells are: days without a change are skipped.
-#}
{% macro counted_spells(relation, keys, conditions) -%}
    {%- set key_columns = keys | join(', ') -%}
    select
        {{ key_columns }},
        from_day,
        until_day
    {%- for condition in conditions %},
        {{ condition }}
    {%- endfor %}
    from (
        select
            {{ key_columns }},
            change_day as from_day,
            lead(change_day) over (partition by {{ key_columns }} order by change_day) as until_day
        {%- for condition in conditions %},
            sum({{ condition }}) over (
                partition by {{ key_columns }} order by change_day
                rows between unbounded preceding and current row
            ) as {{ condition }}
        {%- endfor %}
        from (
            select
                {{ key_columns }},
                change_day
            {%- for condition in conditions %},
                sum(case when condition = '{{ condition }}' then change else 0 end) as {{ condition }}
            {%- endfor %}
            from (
                select
                    {{ key_columns }},
                    condition,
                    from_day as change_day,
                    1 as change
                from {{ relation }}
                where from_day < until_day
                union all
                select
                    {{ key_columns }},
                    condition,
                    until_day as change_day,
                    -1 as change
                from {{ relation }}
                where from_day < until_day
            ) as changes
            group by
                {{ key_columns }},
                change_day
        ) as changes_by_day
    ) as running
    where until_day is not null
{%- endmacro %}
