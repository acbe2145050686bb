{#-
  At the end of every month and quarter each customer of the bank is in exactly one stage, one tier and one segment: the
  three counts over all are equal, and are the customers whose customer_since lies before the end.
-#}
with

customers as (

    select
        periods.period,
        count(*) as customers
    from {{ ref('int_periods') }} as periods
    inner join {{ ref('int_customers') }} as customers on periods.covered_until >= customers.customer_since
    group by periods.period

),

counted as (

    select
        metric,
        period,
        sum(numerator) as customers
    from {{ ref('metric_values') }}
    where
        metric in ('customers_in_stage', 'customers_in_tier', 'customers_in_segment')
        and group_by <> 'all'
    group by
        metric,
        period

)

select
    counted.metric,
    counted.period,
    counted.customers as counted,
    coalesce(customers.customers, 0) as customers
from counted
left join customers on counted.period = customers.period
where counted.customers <> coalesce(customers.customers, 0)
