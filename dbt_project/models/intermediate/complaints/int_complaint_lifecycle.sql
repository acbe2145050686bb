{#- The regulator's limits for handling a complaint stand here and nowhere else: 15, 30 and 60 days from receipt. -#}
with

complaints as (

    select * from {{ ref('int_complaints') }}

),

policies as (

    select * from {{ ref('int_policy_lifecycle') }}

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

-- A product that is named decides, even when it does not exist; the policy is asked only where none is named.
named as (

    select
        complaints.*,
        case
            when complaints.product_id is null then policies.product
            else products.product_id
        end as product,
        case
            when complaints.product_id is null then policies.product_category
            else products.product_category
        end as product_category
    from complaints
    left join policies on complaints.policy_id = policies.policy_id
    left join products on complaints.product_id = products.product_id

)

select
    named.complaint_id,
    named.customer_id,
    named.category,
    named.channel,
    coalesce(named.product, {{ unknown_member() }}) as product,
    coalesce(named.product_category, {{ unknown_member() }}) as product_category,
    coalesce(branches.branch_id, {{ unknown_member() }}) as branch,
    coalesce(branches.region, {{ unknown_member() }}) as region,
    coalesce(staff.staff_id, {{ unknown_member() }}) as staff,
    named.severity,
    coalesce(named.regulator_referred, false) as is_regulator_referred,
    named.received_at,
    named.acknowledged_at,
    named.resolved_at,
    named.closed_at,
    named.outcome,
    coalesce(named.outcome in ('upheld', 'partly_upheld', 'not_upheld'), false) as is_decided,
    coalesce(named.outcome in ('upheld', 'partly_upheld'), false) as is_upheld,
    named.compensation,
    {{ plus_days('named.received_at', 15) }} as limit_15_at,
    {{ plus_days('named.received_at', 30) }} as limit_30_at,
    {{ plus_days('named.received_at', 60) }} as limit_60_at
from named
left join branches on named.branch_id = branches.branch_id
left join staff on named.staff_id = staff.staff_id
