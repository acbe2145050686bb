{#- Rows with an unmatched key join to this member, so they still count. -#}
with

members as (

    select
        'dim_branch' as dimension,
        branch_id as member_key
    from {{ ref('dim_branch') }}
    union all
    select
        'dim_customer' as dimension,
        customer_id as member_key
    from {{ ref('dim_customer') }}
    union all
    select
        'dim_date' as dimension,
        date_key as member_key
    from {{ ref('dim_date') }}
    union all
    select
        'dim_product' as dimension,
        product_id as member_key
    from {{ ref('dim_product') }}
    union all
    select
        'dim_staff' as dimension,
        staff_id as member_key
    from {{ ref('dim_staff') }}

)

select
    dimension,
    count(case when member_key = {{ unknown_member() }} then 1 end) as unknown_members
from members
group by dimension
having count(case when member_key = {{ unknown_member() }} then 1 end) != 1
