with

versions as (

    select * from {{ ref('stg_training__enrolments') }}

),

known as (

    {{ known_at_as_of(
        'versions',
        key=['enrolment_id'],
        as_known=['staff_id', 'programme'],
        dated=['started_on', 'completed_on'],
        happened='started_on'
    ) }}

)

select
    enrolment_id,
    staff_id,
    programme,
    started_on,
    completed_on
from known
