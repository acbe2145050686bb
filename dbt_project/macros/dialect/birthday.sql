{#- The day on which a number of years since birth is completed; after a birth on 29 February, 1 March of a common year. -#}
{% macro birthday(birth_date, years) -%}
    {{ add_days(
        dbt.dateadd('year', years, birth_date),
        "case when extract(day from " ~ dbt.dateadd('year', years, birth_date) ~ ") < extract(day from " ~ birth_date ~ ") then 1 else 0 end"
    ) }}
{%- endmacro %}
