{#- The latest day of a date or timestamp column over all loaded rows of a source, not later than the load date; null without rows. -#}
{% macro latest_day(system, table, column) -%}
    select max(cast({{ column }} as date)) as latest_day
    from {{ source(system, table) }}
    where {{ column }} < (
        select {{ dbt.dateadd('day', 1, 'cast(load_date as timestamp)') }} from {{ ref('stg_pipeline__run_parameters') }}
    )
{%- endmacro %}
