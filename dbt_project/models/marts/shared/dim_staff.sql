with

staff as (

    select * from {{ ref('int_staff') }}

),

branches as (

    select * from {{ ref('int_branches') }}

),

known as (

    select
        staff.staff_id,
        coalesce(branches.branch_id, {{ unknown_member() }}) as branch_id,
        coalesce(branches.region, {{ unknown_member() }}) as region,
        staff.role,
        staff.hired_on,
        staff.confirmed_on,
        staff.left_on,
        staff.supervisor_id
    from staff
    left join branches on staff.branch_id = branches.branch_id

),

unknown as (

    select
        {{ unknown_member() }} as staff_id,
        {{ unknown_member() }} as branch_id,
        {{ unknown_member() }} as region,
        {{ unknown_member() }} as role,
        cast(null as date) as hired_on,
        cast(null as date) as confirmed_on,
        cast(null as date) as left_on,
        cast(null as {{ dbt.type_string() }}) as supervisor_id

)

select * from known
union all
select * from unknown
