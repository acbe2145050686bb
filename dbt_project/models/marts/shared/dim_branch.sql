with

branches as (

    select * from {{ ref('int_branches') }}

),

known as (

    select
        branch_id,
        branch_name,
        region,
        city,
        opened_on
    from branches

),

unknown as (

    select
        {{ unknown_member() }} as branch_id,
        {{ unknown_member() }} as branch_name,
        {{ unknown_member() }} as region,
        cast(null as {{ dbt.type_string() }}) as city,
        cast(null as date) as opened_on

)

select * from known
union all
select * from unknown
