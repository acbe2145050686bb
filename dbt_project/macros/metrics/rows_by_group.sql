{#-
  Aggregates of facts by period, over all rows and for every grouping, in one pass over the facts (grouping sets).
  Columns: period, group_by (`all` or the name of a group column), group_value, then the given ones.

  facts    relation or CTE with a column period, the group columns and what is aggregated
  groups   names of the group columns; none of them holds nulls
  columns  aggregate expressions with their names, as `sum(raised) as raised`
-#}
{% macro rows_by_group(facts, groups, columns) %}
    select
        period,
        case
        {%- for group in groups %}
            when grouping({{ group }}) = 0 then '{{ group }}'
        {%- endfor %}
            else 'all'
        end as group_by,
        case
        {%- for group in groups %}
            when grouping({{ group }}) = 0 then {{ group }}
        {%- endfor %}
            else 'all'
        end as group_value
    {%- for column in columns %},
        {{ column }}
    {%- endfor %}
    from {{ facts }}
    group by grouping sets (
        (period)
        {%- for group in groups %},
        (period, {{ group }})
        {%- endfor %}
    )
{% endmacro %}
