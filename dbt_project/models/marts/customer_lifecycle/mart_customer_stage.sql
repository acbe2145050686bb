with

standing as (

    select * from {{ ref('int_customer_standing_spells') }}

),

days as (

    select * from {{ ref('int_evaluated_days') }}

),

customers as (

    select * from {{ ref('int_customers') }}

)

select
    customers.customer_key,
    standing.from_day,
    case when standing.until_day < days.until_day then standing.until_day end as until_day,
    standing.until_day = days.until_day as is_current,
    standing.stage,
    standing.value_tier,
    standing.service_level,
    standing.segment
from standing
cross join days
inner join customers on standing.customer_id = customers.customer_id
