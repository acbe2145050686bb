with

versions as (

    select * from {{ ref('stg_training__courses') }}

),

known as (

    {{ known_at_as_of(
        'versions',
        key=['course_id'],
        as_known=['course_name', 'module', 'level', 'course_hours']
    ) }}

)

select
    course_id,
    course_name,
    module,
    level,
    course_hours
from known
