with

products as (

    select * from {{ ref('int_products') }}

),

known as (

    select
        product_id,
        product_name,
        product_category,
        product_risk_level,
        launched_on,
        withdrawn_on
    from products

),

unknown as (

    select
        {{ unknown_member() }} as product_id,
        {{ unknown_member() }} as product_name,
        {{ unknown_member() }} as product_category,
        {{ unknown_member() }} as product_risk_level,
        cast(null as date) as launched_on,
        cast(null as date) as withdrawn_on

)

select * from known
union all
select * from unknown
