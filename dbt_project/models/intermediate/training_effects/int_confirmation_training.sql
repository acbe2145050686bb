{#- Each person's first enrolment in the confirmation training; of two starting on the same day, the smaller id. -#}
with

enrolments as (

    select * from {{ ref('int_enrolments') }}
    where programme = 'confirmation'

)

select
    staff_id,
    enrolment_id,
    started_on,
    completed_on,
    {{ first_day_of('month', 'started_on') }} as started_in,
    {{ first_day_of('month', 'completed_on') }} as completed_in
from enrolments
qualify row_number() over (partition by staff_id order by started_on, enrolment_id) = 1
