{#- A customer has one tier and one segment in each reported quarter: the seeds leave nobody out. -#}
with

expected as (

    select
        customers.customer_id,
        periods.period
    from {{ ref('int_customers') }} as customers
    cross join {{ ref('int_periods') }} as periods
    where periods.period_type = 'quarter'

)

select
    expected.customer_id,
    expected.period
from expected
left join {{ ref('int_customer_period') }} as found
    on
        expected.customer_id = found.customer_id
        and expected.period = found.period
where found.customer_id is null
