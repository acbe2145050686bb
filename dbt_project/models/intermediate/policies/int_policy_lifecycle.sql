{#-
  Cover as a half-open interval of days: a policy is in force at the end of a day d when in_force_from <= d and
  d < in_force_until, so at a midnight t when in_force_from < t and t <= in_force_until. Both are empty for a policy that
  was never in force at the end of any day: not begun by as_of, or ended on the day of its beginning or before.
-#}
with

policies as (

    select
        *,
        case when status <> 'in_force' then status_on end as ended_on
    from {{ ref('int_policies') }}

),

products as (

    select * from {{ ref('int_products') }}

),

branches as (

    select * from {{ ref('int_branches') }}

),

staff as (

    select * from {{ ref('int_staff') }}

),

with_cover as (

    select
        *,
        effective_on is not null and (ended_on is null or effective_on < ended_on) as was_in_force
    from policies

)

select
    with_cover.policy_id,
    with_cover.customer_id,
    coalesce(products.product_id, {{ unknown_member() }}) as product,
    coalesce(products.product_category, {{ unknown_member() }}) as product_category,
    coalesce(branches.branch_id, {{ unknown_member() }}) as branch,
    coalesce(branches.region, {{ unknown_member() }}) as region,
    coalesce(staff.staff_id, {{ unknown_member() }}) as staff,
    coalesce(with_cover.sales_channel, {{ unknown_member() }}) as sales_channel,
    with_cover.payment_mode,
    with_cover.payment_term_years,
    with_cover.coverage_term_years,
    with_cover.annual_premium,
    with_cover.sum_assured,
    with_cover.issued_on,
    with_cover.effective_on,
    with_cover.status,
    with_cover.ended_on,
    case when with_cover.was_in_force then with_cover.effective_on end as in_force_from,
    case
        when with_cover.was_in_force then coalesce(with_cover.ended_on, cast({{ end_of_time() }} as date))
    end as in_force_until,
    products.product_risk_level,
    coalesce(with_cover.double_recorded, false) as is_double_recorded
from with_cover
left join products on with_cover.product_id = products.product_id
left join branches on with_cover.branch_id = branches.branch_id
left join staff on with_cover.staff_id = staff.staff_id
