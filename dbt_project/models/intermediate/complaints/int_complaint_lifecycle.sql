{#- A complaint's limits run from its receipt. -#}
{%- set limits = complaint_limits() -%}

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

parameters as (

    select * from {{ ref('int_parameters') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

-- A named product wins even if it does not exist; the policy's product counts only where none is named.
named as (

    select
        complaints.*,
        {%- for limit in limits %}
        {{ plus_days('complaints.received_at', 'parameters.complaint_limit_' ~ limit) }} as limit_{{ limit }}_at,
        {%- endfor %}
        case
            when complaints.product_id is null then policies.product
            else products.product_id
        end as product,
        case
            when complaints.product_id is null then policies.product_category
            else products.product_category
        end as product_category
    from complaints
    cross join parameters
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
    {%- for limit in limits %}
    named.limit_{{ limit }}_at,
    {{ is_within('named.resolved_at', 'named.limit_' ~ limit ~ '_at', 'as_of.as_of_end') }}
        as is_within_{{ limit }}_days,
    {%- endfor %}
    named.resolved_at is null as is_open
from named
cross join as_of
left join branches on named.branch_id = branches.branch_id
left join staff on named.staff_id = staff.staff_id
