with

versions as (

    select * from {{ ref('stg_policy__products') }}

),

known as (

    {{ known_at_as_of(
        'versions',
        key=['product_id'],
        as_known=['product_name', 'product_category', 'product_risk_level'],
        dated=['launched_on', 'withdrawn_on']
    ) }}

)

select
    product_id,
    product_name,
    product_category,
    product_risk_level,
    launched_on,
    withdrawn_on
from known
