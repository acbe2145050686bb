{#- Staff with the groups used for training and work. -#}
with

staff as (

    select * from {{ ref('int_staff') }}

),

branches as (

    select * from {{ ref('int_branches') }}

)

select
    staff.staff_id,
    staff.role,
    coalesce(branches.branch_id, {{ unknown_member() }}) as branch,
    coalesce(branches.region, {{ unknown_member() }}) as region,
    staff.hired_on,
    staff.confirmed_on,
    staff.left_on
from staff
left join branches on staff.branch_id = branches.branch_id
