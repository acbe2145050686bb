{#- Whole years from one date to another: one is completed on the anniversary, that of 29 February on 1 March of a common year. -#}
{% macro completed_years(from_day, to_day) -%}
    (
        extract(year from {{ to_day }}) - extract(year from {{ from_day }})
        - case
            when
                extract(month from {{ to_day }}) * 100 + extract(day from {{ to_day }})
                < extract(month from {{ from_day }}) * 100 + extract(day from {{ from_day }})
                then 1
            else 0
        end
    )
{%- endmacro %}
