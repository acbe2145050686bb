{#-
  The first reference given decides the groups: the need, else the policy, else the staff member. When that
  row does not exist, its groups are unknown; the next reference is not tried, or one answer would change its group
  when a missing row is delivered late.
-#}
with

parameters as (

    select * from {{ ref('int_parameters') }}

),

surveys as (

    select * from {{ ref('int_surveys') }}

),

quarters as (

    select
        period,
        qs,
        c,
        in_progress
    from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

needs as (

    select * from {{ ref('int_need_lifecycle') }}

),

policies as (

    select * from {{ ref('int_policies') }}

),

products as (

    select * from {{ ref('int_products') }}

),

staff as (

    select * from {{ ref('int_staff') }}

),

branches as (

    select * from {{ ref('int_branches') }}

),

customer_quarters as (

    select * from {{ ref('int_customer_period') }}

),

placed as (

    select
        surveys.response_id,
        surveys.customer_id,
        surveys.instrument,
        surveys.score,
        quarters.period,
        quarters.qs,
        quarters.in_progress,
        needs.category,
        needs.owner_department,
        needs.source,
        needs.grade,
        case
            when surveys.need_id is not null then needs.branch
            when surveys.policy_id is not null then policies.branch_id
            else staff.branch_id
        end as branch_id,
        case
            when surveys.need_id is not null then needs.product_category
            when surveys.policy_id is not null then products.product_category
        end as product_category
    from surveys
    inner join quarters
        on
            surveys.responded_at >= quarters.qs
            and surveys.responded_at < quarters.c
    left join needs on surveys.need_id = needs.need_id
    left join policies on surveys.policy_id = policies.policy_id
    left join products on policies.product_id = products.product_id
    left join staff on surveys.staff_id = staff.staff_id

)

select
    placed.response_id,
    placed.period,
    placed.qs as period_starts_at,
    placed.in_progress,
    coalesce(placed.category, {{ unknown_member() }}) as category,
    coalesce(placed.owner_department, {{ unknown_member() }}) as owner_department,
    coalesce(placed.source, {{ unknown_member() }}) as source,
    coalesce(placed.grade, {{ unknown_member() }}) as grade,
    coalesce(branches.branch_id, {{ unknown_member() }}) as branch,
    coalesce(branches.region, {{ unknown_member() }}) as region,
    coalesce(placed.product_category, {{ unknown_member() }}) as product_category,
    coalesce(customer_quarters.segment, {{ unknown_member() }}) as segment,
    coalesce(customer_quarters.value_tier, {{ unknown_member() }}) as value_tier,
    {{ flag("placed.instrument = 'csat'") }} as csat_answers,
    {{ flag("placed.instrument = 'csat' and placed.score >= parameters.csat_satisfied_from") }} as csat_satisfied,
    {{ flag("placed.instrument = 'nps'") }} as nps_answers,
    case
        when placed.instrument = 'nps' and placed.score >= parameters.nps_promoter_from then 1
        when placed.instrument = 'nps' and placed.score <= parameters.nps_detractor_to then -1
        else 0
    end as nps_balance,
    {{ flag("placed.instrument = 'ces'") }} as ces_answers,
    case when placed.instrument = 'ces' then placed.score else 0 end as ces_sum
from placed
cross join parameters
left join branches on placed.branch_id = branches.branch_id
left join customer_quarters
    on
        placed.customer_id = customer_quarters.customer_id
        and placed.period = customer_quarters.period
