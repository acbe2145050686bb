with

versions as (

    select * from {{ ref('stg_training__staff') }}

),

known as (

    {{ known_at_as_of(
        'versions',
        key=['staff_id'],
        as_known=['branch_id', 'role', 'supervisor_id'],
        dated=['hired_on', 'confirmed_on', 'left_on']
    ) }}

)

select
    staff_id,
    branch_id,
    role,
    hired_on,
    confirmed_on,
    left_on,
    supervisor_id
from known
