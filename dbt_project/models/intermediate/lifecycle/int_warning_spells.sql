{#-
  Warnings are about customers: days before customer_since are excluded. A run that holds on the day before the first
  period begins there, because earlier days are not evaluated.
-#}
with

days as (

    select * from {{ ref('int_evaluated_days') }}

),

customers as (

    select * from {{ ref('int_customers') }}

),

warned_stage as (

    select stage
    from {{ ref('warning_rules') }}
    where kind = 'churn'

),

holding as (

    select
        'hot_enquiry' as kind,
        customer_id,
        product_category,
        from_day,
        until_day
    from {{ ref('int_hot_enquiry_spells') }}

    union all

    select
        'dormant_card' as kind,
        customer_id,
        cast(null as {{ dbt.type_string() }}) as product_category,
        from_day,
        until_day
    from {{ ref('int_dormant_card_spells') }}

    union all

    select
        'churn' as kind,
        staged.customer_id,
        cast(null as {{ dbt.type_string() }}) as product_category,
        staged.from_day,
        staged.until_day
    from {{ ref('int_customer_stage_spells') }} as staged
    inner join warned_stage on staged.stage = warned_stage.stage

    union all

    select
        'gap_high_value' as kind,
        customer_id,
        cast(null as {{ dbt.type_string() }}) as product_category,
        from_day,
        until_day
    from {{ ref('int_gap_high_value_spells') }}

),

of_customers as (

    select
        holding.kind,
        holding.customer_id,
        holding.product_category,
        greatest(holding.from_day, customers.customer_since, days.first_day) as from_day,
        least(holding.until_day, days.until_day) as until_day,
        days.first_day
    from holding
    inner join customers on holding.customer_id = customers.customer_id
    cross join days
    where customers.customer_since is not null

)

select
    kind,
    customer_id,
    product_category,
    from_day,
    until_day,
    from_day = first_day as is_open_before_first_period
from of_customers
where from_day < until_day
