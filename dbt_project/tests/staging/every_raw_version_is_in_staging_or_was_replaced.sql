{#-
  Tables with history: every key and updated_at that was loaded is one version in staging, and every key has exactly one
  current version. Returns the tables for which this does not hold.
-#}
{%- set tables = delivered_tables() | selectattr('load', 'equalto', 'upsert') | list -%}

with

delivered as (

    {%- for table in tables %}

    select
        '{{ table.system }}.{{ table.name }}' as table_name,
        coalesce(sum(key_versions), 0) as versions,
        count(*) as table_keys
    from (
        select count(distinct updated_at) as key_versions
        from {{ source(table.system, table.name) }}
        group by {{ table.key | join(', ') }}
    ) as loaded

    {%- if not loop.last %} union all {% endif %}
    {%- endfor %}

),

staged as (

    {%- for table in tables %}

    select
        '{{ table.system }}.{{ table.name }}' as table_name,
        count(*) as versions,
        count(case when is_current then 1 end) as current_versions,
        count(case when is_first then 1 end) as first_versions
    from {{ ref('stg_' ~ table.system ~ '__' ~ table.name) }}

    {%- if not loop.last %} union all {% endif %}
    {%- endfor %}

)

select
    delivered.table_name,
    delivered.versions as delivered_versions,
    staged.versions as staged_versions,
    delivered.table_keys,
    staged.current_versions,
    staged.first_versions
from delivered
inner join staged on delivered.table_name = staged.table_name
where
    delivered.versions != staged.versions
    or delivered.table_keys != staged.current_versions
    or delivered.table_keys != staged.first_versions
