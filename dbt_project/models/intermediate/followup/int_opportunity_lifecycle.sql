{#-
  A second sale is an opportunity of a customer with a policy in force at the end of the day before it was created.
-#}
with

opportunities as (

    select * from {{ ref('int_opportunities') }}

),

staff as (

    select * from {{ ref('int_staff') }}

),

branches as (

    select * from {{ ref('int_branches') }}

),

policies as (

    select * from {{ ref('int_policy_lifecycle') }}
    where in_force_from is not null

),

second_sales as (

    select distinct opportunities.opportunity_id
    from opportunities
    inner join policies
        on
            opportunities.customer_id = policies.customer_id
            and cast(opportunities.created_at as date) > policies.in_force_from
            and cast(opportunities.created_at as date) <= policies.in_force_until

)

select
    opportunities.opportunity_id,
    opportunities.customer_id,
    coalesce(staff.staff_id, {{ unknown_member() }}) as staff,
    coalesce(branches.branch_id, {{ unknown_member() }}) as branch,
    coalesce(branches.region, {{ unknown_member() }}) as region,
    opportunities.product_category,
    opportunities.policy_id,
    opportunities.expected_premium,
    opportunities.stage,
    opportunities.created_at,
    opportunities.first_contact_at,
    opportunities.need_confirmed_at as confirmed_at,
    opportunities.proposal_at,
    opportunities.closed_at,
    case when opportunities.stage = 'won' then opportunities.closed_at end as won_at,
    opportunities.callback_at,
    second_sales.opportunity_id is not null as is_second_sale
from opportunities
left join staff on opportunities.staff_id = staff.staff_id
left join branches on staff.branch_id = branches.branch_id
left join second_sales on opportunities.opportunity_id = second_sales.opportunity_id
