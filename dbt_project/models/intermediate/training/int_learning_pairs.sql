{#-
  Learning per enrolment and module: the last test on or before its first day and the first test on or after its last
  day. A test that names an enrolment belongs to that one only; a test that names none belongs to every enrolment of the
  person that its date fits.
-#}
with

enrolments as (

    select * from {{ ref('int_enrolments') }}
    where completed_on is not null

),

assessments as (

    select * from {{ ref('int_assessments') }}
    where kind in ('pre', 'post')

),

tests as (

    select
        enrolments.enrolment_id,
        enrolments.started_on,
        enrolments.completed_on,
        assessments.assessment_id,
        assessments.module,
        assessments.kind,
        assessments.taken_on,
        assessments.score
    from enrolments
    inner join assessments on enrolments.enrolment_id = assessments.enrolment_id

    union all

    select
        enrolments.enrolment_id,
        enrolments.started_on,
        enrolments.completed_on,
        assessments.assessment_id,
        assessments.module,
        assessments.kind,
        assessments.taken_on,
        assessments.score
    from enrolments
    inner join assessments
        on
            enrolments.staff_id = assessments.staff_id
            and assessments.enrolment_id is null

),

last_before as (

    select *
    from tests
    where
        kind = 'pre'
        and taken_on <= started_on
    qualify row_number() over (
        partition by enrolment_id, module order by taken_on desc, assessment_id desc
    ) = 1

),

first_after as (

    select *
    from tests
    where
        kind = 'post'
        and taken_on >= completed_on
    qualify row_number() over (
        partition by enrolment_id, module order by taken_on, assessment_id
    ) = 1

)

select
    enrolments.enrolment_id,
    last_before.module,
    enrolments.staff_id,
    enrolments.programme,
    enrolments.started_on,
    enrolments.completed_on,
    last_before.assessment_id as pre_assessment_id,
    last_before.score as pre_score,
    first_after.assessment_id as post_assessment_id,
    first_after.score as post_score
from last_before
inner join first_after
    on
        last_before.enrolment_id = first_after.enrolment_id
        and last_before.module = first_after.module
inner join enrolments on last_before.enrolment_id = enrolments.enrolment_id
