with

reminders as (

    select * from {{ ref('mart_followup_reminders') }}

),

labels as (

    select * from {{ ref('dim_group_value') }}

),

counted as (

    select
        step,
        sum({{ flag('is_overdue') }}) as overdue,
        sum({{ flag('not is_overdue') }}) as due_soon,
        max(case when is_overdue then -hours_left end) as most_overdue_hours
    from reminders
    group by step

    union all

    select
        'all' as step,
        sum({{ flag('is_overdue') }}) as overdue,
        sum({{ flag('not is_overdue') }}) as due_soon,
        max(case when is_overdue then -hours_left end) as most_overdue_hours
    from reminders
    having count(*) > 0

)

select
    counted.step,
    labels.label_zh as step_label_zh,
    labels.label_en as step_label_en,
    labels.sort_order as step_order,
    cast(counted.overdue as bigint) as overdue,
    cast(counted.due_soon as bigint) as due_soon,
    counted.most_overdue_hours
from counted
left join labels
    on
        labels.group_by = case when counted.step = 'all' then 'all' else 'step' end
        and counted.step = labels.group_value
