with

attendance as (

    select * from {{ ref('int_attendance') }}

),

quarters as (

    select * from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

courses as (

    select * from {{ ref('int_courses') }}

),

enrolments as (

    select * from {{ ref('int_enrolments') }}

),

staff as (

    select * from {{ ref('int_staff_branches') }}

)

select
    attendance.attendance_id,
    quarters.period,
    quarters.qs as period_starts_at,
    quarters.in_progress,
    coalesce(courses.module, {{ unknown_member() }}) as module,
    coalesce(staff.branch, {{ unknown_member() }}) as branch,
    coalesce(enrolments.programme, {{ unknown_member() }}) as programme,
    1 as sessions,
    {{ flag('attendance.attended') }} as attended,
    {{ flag('attendance.reaction_score is not null') }} as reactions,
    coalesce(attendance.reaction_score, 0) as reaction_sum
from attendance
inner join quarters on attendance.session_on between quarters.starts_on and quarters.covered_until
left join courses on attendance.course_id = courses.course_id
left join enrolments on attendance.enrolment_id = enrolments.enrolment_id
left join staff on attendance.staff_id = staff.staff_id
