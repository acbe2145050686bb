{%- set categories = product_categories() -%}

with

quarters as (

    select * from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

policies as (

    select * from {{ ref('int_policy_lifecycle') }}

)

select
    quarters.period,
    policies.customer_id,
    {%- for category in categories %}
    sum({{ flag("policies.product_category = '" ~ category ~ "'") }}) as {{ category }}_in_force,
    {%- endfor %}
    count(*) as policies_in_force,
    count(distinct policies.product_category) as product_categories_in_force,
    sum(case when policies.payment_mode <> 'single' then policies.annual_premium else 0 end) as annual_premium_in_force
from policies
inner join quarters
    on
        policies.in_force_from <= quarters.covered_until
        and policies.in_force_until > quarters.covered_until
group by
    quarters.period,
    policies.customer_id
