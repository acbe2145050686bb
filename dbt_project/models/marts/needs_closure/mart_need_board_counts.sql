{#-
  Hours are summed as whole microseconds, so a sum is the same in any row order.
-#}
with

board as (

    select * from {{ ref('mart_need_board') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

parameters as (

    select * from {{ ref('int_parameters') }}

),

labels as (

    select * from {{ ref('dim_group_value') }}

),

timed as (

    select
        board.*,
        parameters.newly_overdue_hours,
        parameters.due_soon_hours,
        {{ microseconds_between('board.due_at', 'as_of.as_of_end') }} as overdue_microseconds,
        board.is_overdue
        and as_of.as_of_end <= {{ plus_hours('board.due_at', 'parameters.newly_overdue_hours') }} as is_newly_overdue,
        not board.is_overdue
        and board.due_at <= {{ plus_hours('as_of.as_of_end', 'parameters.due_soon_hours') }} as is_due_soon
    from board
    cross join as_of
    cross join parameters

),

-- The whole board, each accountable department, each owner, and each owner's grades.
scopes as (

    select
        'all' as department_role,
        'all' as department,
        'all' as counted_grade,
        timed.*
    from timed

    union all

    select
        'accountable' as department_role,
        accountable_department as department,
        'all' as counted_grade,
        timed.*
    from timed

    union all

    select
        'owner' as department_role,
        owner_department as department,
        'all' as counted_grade,
        timed.*
    from timed

    union all

    select
        'owner' as department_role,
        owner_department as department,
        grade as counted_grade,
        timed.*
    from timed

),

counted as (

    select
        as_of,
        department_role,
        department,
        counted_grade as grade,
        newly_overdue_hours,
        due_soon_hours,
        count(*) as open_needs,
        sum({{ flag('is_overdue') }}) as overdue,
        sum({{ flag('is_newly_overdue') }}) as newly_overdue,
        sum({{ flag('is_due_soon') }}) as due_soon,
        min(case when is_overdue then due_at end) as oldest_due_at,
        sum(case when is_overdue then overdue_microseconds else 0 end) as overdue_microseconds,
        max(case when is_overdue then overdue_microseconds end) as most_overdue_microseconds
    from scopes
    group by
        as_of,
        department_role,
        department,
        counted_grade,
        newly_overdue_hours,
        due_soon_hours

)

select
    counted.as_of,
    counted.department_role,
    counted.department,
    labels.label_zh as department_label_zh,
    labels.label_en as department_label_en,
    counted.grade,
    counted.open_needs,
    cast(counted.overdue as bigint) as overdue,
    cast(counted.newly_overdue as bigint) as newly_overdue,
    cast(counted.due_soon as bigint) as due_soon,
    counted.oldest_due_at,
    cast(counted.overdue_microseconds as double) / 3600000000 as overdue_hours,
    cast(counted.most_overdue_microseconds as double) / 3600000000 as most_overdue_hours,
    counted.newly_overdue_hours,
    counted.due_soon_hours
from counted
left join labels
    on
        labels.group_by = case when counted.department = 'all' then 'all' else 'owner_department' end
        and counted.department = labels.group_value
