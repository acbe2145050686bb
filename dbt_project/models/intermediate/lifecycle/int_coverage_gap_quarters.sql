with

quarters as (

    select * from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

gaps as (

    select * from {{ ref('int_coverage_gap_spells') }}

),

attributes as (

    select * from {{ ref('int_customer_attribute_spells') }}

),

suitable_products as (

    select * from {{ ref('int_suitable_products') }}

)

select
    quarters.period,
    gaps.customer_id,
    gaps.rule,
    gaps.from_day,
    attributes.customer_risk_level,
    suitable_products.product_id is not null as is_actionable,
    suitable_products.product_id,
    suitable_products.product_category,
    coalesce(suitable_products.suitable_products, 0) as suitable_products
from gaps
inner join quarters
    on
        gaps.from_day <= quarters.covered_until
        and gaps.until_day > quarters.covered_until
inner join attributes
    on
        gaps.customer_id = attributes.customer_id
        and quarters.covered_until >= attributes.from_day
        and quarters.covered_until < attributes.until_day
left join suitable_products
    on
        quarters.period = suitable_products.period
        and gaps.rule = suitable_products.rule
        and attributes.customer_risk_level = suitable_products.customer_risk_level
