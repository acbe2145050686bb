{%- set named = {
    'category': 'category',
    'grade': 'grade',
    'accountable_department': 'owner_department',
    'owner_department': 'owner_department',
    'branch': 'branch',
    'product_category': 'product_category',
    'value_tier': 'value_tier',
    'last_event': 'event',
} -%}

with

open_needs as (

    select * from {{ ref('fct_need') }}
    where is_open

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

business_days as (

    select * from {{ ref('int_business_days') }}

),

responsibilities as (

    select * from {{ ref('int_category_responsibilities') }}

),

labels as (

    select
        group_by,
        group_value,
        label_zh,
        label_en
    from {{ ref('dim_group_value') }}

),

timed as (

    select
        open_needs.*,
        open_needs.branch_id as branch,
        as_of.as_of,
        open_needs.due_at < as_of.as_of_end as is_overdue,
        {{ hours_between('as_of.as_of_end', 'open_needs.due_at') }} as hours_to_due,
        {{ business_hours_between('as_of.as_of_end', 'open_needs.due_at', 'as_of_day', 'due_day') }}
            as business_hours_to_due,
        {{ hours_between('coalesce(open_needs.last_event_at, open_needs.raised_at)', 'as_of.as_of_end') }} / 24
            as days_since_last_event
    from open_needs
    cross join as_of
    left join business_days as as_of_day on cast(as_of.as_of_end as date) = as_of_day.calendar_date
    left join business_days as due_day on cast(open_needs.due_at as date) = due_day.calendar_date

),

answered_for as (

    select
        timed.*,
        coalesce(responsibilities.accountable_department, {{ unknown_member() }}) as accountable_department,
        coalesce(responsibilities.responsible_departments, {{ unknown_member() }}) as responsible_departments,
        coalesce(responsibilities.responsible_departments_label_zh, '未提供') as responsible_departments_label_zh,
        coalesce(responsibilities.responsible_departments_label_en, 'Unknown') as responsible_departments_label_en
    from timed
    left join responsibilities on timed.category = responsibilities.category

)

select
    cast(row_number() over (order by answered_for.due_at, answered_for.need_id) as integer) as board_rank,
    answered_for.as_of,
    answered_for.need_id,
    {% for column in named %}
    answered_for.{{ column }},
    {{ column }}_names.label_zh as {{ column }}_label_zh,
    {{ column }}_names.label_en as {{ column }}_label_en,
    {% endfor %}
    answered_for.responsible_departments,
    answered_for.responsible_departments_label_zh,
    answered_for.responsible_departments_label_en,
    answered_for.region,
    answered_for.raised_at,
    answered_for.age_days,
    answered_for.due_at,
    answered_for.is_overdue,
    answered_for.hours_to_due,
    answered_for.business_hours_to_due,
    answered_for.last_event_at,
    answered_for.days_since_last_event,
    answered_for.reopenings_count
from answered_for
{% for column, group_by in named.items() %}
left join labels as {{ column }}_names
    on
        {{ column }}_names.group_by = '{{ group_by }}'
        and answered_for.{{ column }} = {{ column }}_names.group_value
{% endfor %}
order by board_rank
