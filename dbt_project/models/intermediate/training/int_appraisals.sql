with

versions as (

    select * from {{ ref('stg_training__appraisals') }}

),

known as (

    {{ known_at_as_of(
        'versions',
        key=['appraisal_id'],
        as_known=['staff_id', 'period', 'supervisor_score', 'teamwork_score']
    ) }}

)

select
    appraisal_id,
    staff_id,
    period,
    supervisor_score,
    teamwork_score
from known
