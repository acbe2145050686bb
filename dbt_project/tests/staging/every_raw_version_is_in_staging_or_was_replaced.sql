{#-
  Tables with history: every key and updated_at that was loaded is one version in staging, and every key has exactly one
  current version. Returns the tables for which this does not hold.
-#}
{%- set tables = {
    'complaint': {'complaints': ['complaint_id']},
    'crm': {'customers': ['customer_id'], 'needs': ['need_id'], 'opportunities': ['opportunity_id']},
    'experiment': {'experiments': ['experiment_id']},
    'external': {'indicators': ['indicator', 'month']},
    'org': {'branches': ['branch_id']},
    'policy': {
        'claims': ['claim_id'], 'policies': ['policy_id'], 'premiums': ['premium_id'], 'products': ['product_id']
    },
    'training': {
        'appraisals': ['appraisal_id'], 'courses': ['course_id'], 'enrolments': ['enrolment_id'], 'staff': ['staff_id']
    },
} -%}

with

delivered as (

    {%- for system, keys in tables.items() %}
    {%- for table, key in keys.items() %}

    select
        '{{ system }}.{{ table }}' as table_name,
        coalesce(sum(key_versions), 0) as versions,
        count(*) as table_keys
    from (
        select count(distinct updated_at) as key_versions
        from {{ source(system, table) }}
        group by {{ key | join(', ') }}
    ) as loaded

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
        count(*) as versions,
        count(case when is_current then 1 end) as current_versions,
        count(case when is_first then 1 end) as first_versions
    from {{ ref('stg_' ~ system ~ '__' ~ table) }}

    {%- if not loop.last %} union all {% endif %}
    {%- endfor %}
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
