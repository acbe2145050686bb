{#- The last reported quarter ends with as_of, so what holds at its end holds now. -#}
with

gaps as (

    select * from {{ ref('int_coverage_gap_spells') }}

),

days as (

    select * from {{ ref('int_evaluated_days') }}

),

last_quarter as (

    select max(period) as period
    from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

open_gaps as (

    select open_gaps.*
    from {{ ref('int_coverage_gap_quarters') }} as open_gaps
    inner join last_quarter on open_gaps.period = last_quarter.period

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
    customers.customer_key,
    gaps.rule,
    gaps.from_day as opened_on,
    case when gaps.until_day < days.until_day then gaps.until_day end as closed_on,
    gaps.until_day = days.until_day as is_open,
    gaps.from_day = days.first_day as is_open_before_first_period,
    open_gaps.is_actionable,
    open_gaps.customer_risk_level,
    open_gaps.product_category as recommended_product_category,
    open_gaps.product_id as recommended_product_id,
    cast(open_gaps.suitable_products as integer) as suitable_products,
    coalesce(branches.branch_id, {{ unknown_member() }}) as branch_id,
    coalesce(branches.region, {{ unknown_member() }}) as region,
    coalesce(staff.staff_id, {{ unknown_member() }}) as rm_id
from gaps
cross join days
inner join customers on gaps.customer_id = customers.customer_id
left join open_gaps
    on
        gaps.customer_id = open_gaps.customer_id
        and gaps.rule = open_gaps.rule
        and gaps.from_day = open_gaps.from_day
        and gaps.until_day = days.until_day
left join branches on customers.branch_id = branches.branch_id
left join staff on customers.rm_id = staff.staff_id
