{#-
  Tables of events: every key that was loaded is an event in staging, unless a void row takes it back. Returns the
  tables for which this does not hold.
-#}
{%- set tables = {
    'bank': {'transactions': 'transaction_id'},
    'crm': {'interactions': 'interaction_id', 'need_events': 'event_id', 'surveys': 'response_id'},
    'experiment': {'assignments': 'assignment_id'},
    'training': {'assessments': 'assessment_id', 'attendance': 'attendance_id'},
} -%}

with

delivered as (

    {%- for system, keys in tables.items() %}
    {%- for table, key in keys.items() %}

    select
        '{{ system }}.{{ table }}' as table_name,
        count(distinct {{ key }}) as loaded_keys,
        count(distinct case when void then {{ key }} end) as taken_back
    from {{ source(system, table) }}

    {%- if not loop.last %} union all {% endif %}
    {%- endfor %}
    {%- if not loop.last %} union all {% endif %}
    {%- endfor %}

),

staged as (

    {%- for system, keys in tables.items() %}
    {%- for table in keys %}

    select
        '{{ system }}.{{ table }}' as table_name,
        count(*) as events
    from {{ ref('stg_' ~ system ~ '__' ~ table) }}

    {%- if not loop.last %} union all {% endif %}
    {%- endfor %}
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
