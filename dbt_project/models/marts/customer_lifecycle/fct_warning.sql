with

warnings as (

    select * from {{ ref('int_warning_spells') }}

),

days as (

    select * from {{ ref('int_evaluated_days') }}

),

customers as (

    select * from {{ ref('int_customers') }}

),

branches as (

    select * from {{ ref('int_branches') }}

),

staff as (

    select * from {{ ref('int_staff') }}

)

select
    warnings.kind,
    customers.customer_key,
    warnings.product_category,
    warnings.from_day as opened_on,
    case when warnings.until_day < days.until_day then warnings.until_day end as closed_on,
    warnings.until_day = days.until_day as is_open,
    warnings.is_open_before_first_period,
    cast({{ days_between('warnings.from_day', 'warnings.until_day') }} as integer) as days_open,
    coalesce(branches.branch_id, {{ unknown_member() }}) as branch_id,
    coalesce(branches.region, {{ unknown_member() }}) as region,
    coalesce(staff.staff_id, {{ unknown_member() }}) as rm_id
from warnings
cross join days
inner join customers on warnings.customer_id = customers.customer_id
left join branches on customers.branch_id = branches.branch_id
left join staff on customers.rm_id = staff.staff_id
