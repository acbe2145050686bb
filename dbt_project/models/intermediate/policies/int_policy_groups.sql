with

policies as (

    select * from {{ ref('int_policies') }}

),

products as (

    select * from {{ ref('int_products') }}

),

branches as (

    select * from {{ ref('int_branches') }}

)

select
    policies.policy_id,
    policies.customer_id,
    coalesce(products.product_id, {{ unknown_member() }}) as product,
    coalesce(products.product_category, {{ unknown_member() }}) as product_category,
    coalesce(branches.branch_id, {{ unknown_member() }}) as branch,
    coalesce(branches.region, {{ unknown_member() }}) as region,
    coalesce(policies.sales_channel, {{ unknown_member() }}) as sales_channel,
    policies.payment_mode
from policies
left join products on policies.product_id = products.product_id
left join branches on policies.branch_id = branches.branch_id
