{#-
  A product is on sale at the end of a quarter when it was launched before and is not withdrawn; one without a launch
  date is not on sale. It passes the suitability gate for the risk levels from its own upwards: R3 for C3, C4, C5.
  Recommended first is the least risky product; of equally risky ones that of the category named first in the rule, then
  by id.
-#}
with

rules as (

    select * from {{ ref('coverage_rules') }}

),

quarters as (

    select * from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

products as (

    select
        *,
        cast(substr(product_risk_level, 2) as integer) as product_risk
    from {{ ref('int_products') }}

),

risk_levels as (

    select distinct
        customer_risk_level,
        cast(substr(customer_risk_level, 2) as integer) as customer_risk
    from {{ ref('int_customer_versions') }}
    where customer_risk_level is not null

),

suitable as (

    select
        quarters.period,
        rules.rule,
        risk_levels.customer_risk_level,
        products.product_id,
        products.product_category,
        products.product_risk,
        {{ dbt.position("'|' || products.product_category || '|'", "'|' || rules.categories || '|'") }}
            as category_place
    from rules
    inner join products on '|' || rules.categories || '|' like '%|' || products.product_category || '|%'
    inner join quarters
        on
            products.launched_on <= quarters.covered_until
            and (products.withdrawn_on is null or products.withdrawn_on > quarters.covered_until)
    inner join risk_levels on products.product_risk <= risk_levels.customer_risk

),

ranked as (

    select
        *,
        row_number() over (
            partition by period, rule, customer_risk_level order by product_risk, category_place, product_id
        ) as place,
        count(*) over (partition by period, rule, customer_risk_level) as suitable_products
    from suitable

)

select
    period,
    rule,
    customer_risk_level,
    product_id,
    product_category,
    suitable_products
from ranked
where place = 1
