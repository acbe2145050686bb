with

closed_quarters as (

    select * from {{ ref('stg_closing__quarters') }}

),

restated_numbers as (

    select
        quarter,
        count(*) as restated_numbers,
        count(distinct metric) as restated_metrics
    from {{ ref('fct_restated_number') }}
    group by quarter

)

select
    closed_quarters.quarter,
    closed_quarters.closed_at,
    closed_quarters.release_id,
    closed_quarters.published_at,
    closed_quarters.as_of,
    closed_quarters.product_version,
    closed_quarters.numbers,
    coalesce(restated_numbers.restated_numbers, 0) as restated_numbers,
    coalesce(restated_numbers.restated_metrics, 0) as restated_metrics
from closed_quarters
left join restated_numbers on closed_quarters.quarter = restated_numbers.quarter
