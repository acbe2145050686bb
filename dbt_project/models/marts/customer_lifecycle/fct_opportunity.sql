with

opportunities as (

    select * from {{ ref('int_opportunity_lifecycle') }}

),

customers as (

    select * from {{ ref('int_customers') }}

),

steps as (

    select
        {%- for step in ['first_contact', 'confirmed', 'proposal', 'won', 'callback'] %}
        max(case when step = '{{ step }}' then step_hours end) as {{ step }}_hours,
        max(case when step = '{{ step }}' then step_business_hours end) as {{ step }}_business_hours,
        max(case when step = '{{ step }}' then limit_at end) as {{ step }}_limit_at,
        max(case when step = '{{ step }}' then is_on_time end) as is_{{ step }}_on_time,
        {%- endfor %}
        opportunity_id
    from {{ ref('int_followup_steps') }}
    group by opportunity_id

)

select
    opportunities.opportunity_id,
    coalesce(customers.customer_key, {{ unknown_member() }}) as customer_key,
    opportunities.staff as staff_id,
    opportunities.branch as branch_id,
    opportunities.region,
    opportunities.product_category,
    opportunities.policy_id,
    cast(opportunities.expected_premium as decimal(18, 2)) as expected_premium,
    opportunities.stage,
    opportunities.is_second_sale,
    cast(opportunities.created_at as date) as created_on,
    opportunities.created_at,
    opportunities.first_contact_at,
    opportunities.confirmed_at,
    opportunities.proposal_at,
    opportunities.closed_at,
    opportunities.callback_at,
    {%- for step in ['first_contact', 'confirmed', 'proposal', 'callback'] %}
    steps.{{ step }}_limit_at,
    steps.is_{{ step }}_on_time,
    {%- endfor %}
    steps.first_contact_hours,
    steps.confirmed_hours,
    steps.proposal_hours,
    steps.won_hours,
    steps.callback_hours,
    steps.first_contact_business_hours,
    steps.confirmed_business_hours,
    steps.proposal_business_hours,
    steps.won_business_hours,
    steps.callback_business_hours
from opportunities
inner join steps on opportunities.opportunity_id = steps.opportunity_id
left join customers on opportunities.customer_id = customers.customer_id
