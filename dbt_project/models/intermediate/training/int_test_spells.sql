{#-
  The latest test after training of each person and module as spells of days: the test counts from its day until the day
  before the next one. Of several on one day, the greatest id counts; the others have no spell.
-#}
with

assessments as (

    select * from {{ ref('int_assessments') }}
    where kind in ('post', 'certification')

),

last_of_day as (

    select *
    from assessments
    qualify row_number() over (partition by staff_id, module, taken_on order by assessment_id desc) = 1

)

select
    staff_id,
    module,
    taken_on,
    coalesce(
        lead(taken_on) over (partition by staff_id, module order by taken_on), cast({{ end_of_time() }} as date)
    ) as latest_until,
    assessment_id,
    enrolment_id,
    kind,
    score
from last_of_day
