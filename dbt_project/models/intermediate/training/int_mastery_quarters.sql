with

tests as (

    select * from {{ ref('int_test_spells') }}

),

quarters as (

    select * from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

enrolments as (

    select * from {{ ref('int_enrolments') }}

),

staff as (

    select * from {{ ref('int_staff_branches') }}

),

parameters as (

    select * from {{ ref('int_parameters') }}

)

select
    tests.staff_id,
    tests.module,
    quarters.period,
    quarters.qs as period_starts_at,
    quarters.in_progress,
    coalesce(staff.branch, {{ unknown_member() }}) as branch,
    coalesce(enrolments.programme, {{ unknown_member() }}) as programme,
    tests.assessment_id,
    tests.score,
    1 as assessed,
    {{ flag('tests.score >= parameters.mastery_score') }} as mastered
from tests
cross join parameters
inner join quarters
    on
        tests.taken_on <= quarters.covered_until
        and tests.latest_until > quarters.covered_until
left join enrolments on tests.enrolment_id = enrolments.enrolment_id
left join staff on tests.staff_id = staff.staff_id
