{#-
  Tables of events: every key that was loaded is an event in staging, unless a void row takes it back. Returns the
  tables for which this does not hold.
-#}
{%- set tables = delivered_tables() | selectattr('load', 'equalto', 'append') | list -%}

with

delivered as (

    {%- for table in tables %}

    select
        '{{ table.system }}.{{ table.name }}' as table_name,
        count(distinct {{ table.key[0] }}) as loaded_keys,
        count(distinct case when void then {{ table.key[0] }} end) as taken_back
    from {{ source(table.system, table.name) }}

    {%- if not loop.last %} union all {% endif %}
    {%- endfor %}

),

staged as (

    {%- for table in tables %}

    select
        '{{ table.system }}.{{ table.name }}' as table_name,
        count(*) as events
    from {{ ref('stg_' ~ table.system ~ '__' ~ table.name) }}

    {%- if not loop.last %} union all {% endif %}
    {%- endfor %}

)

select
    delivered.table_name,
    delivered.loaded_keys,
    delivered.taken_back,
    staged.events
from delivered
inner join staged on delivered.table_name = staged.table_name
where delivered.loaded_keys != delivered.taken_back + staged.events
