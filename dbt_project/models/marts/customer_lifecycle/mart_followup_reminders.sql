{#-
  The next step of an opportunity is the first one after the last step done; a lost one has none. The sale has no
  deadline, so after the proposal there is no reminder until the sale.
-#}
with

opportunities as (

    select * from {{ ref('int_opportunity_lifecycle') }}
    where stage <> 'lost'

),

steps as (

    select
        *,
        max(case when done_at is not null then step_order else 0 end) over (partition by opportunity_id) as last_done
    from {{ ref('int_followup_steps') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

parameters as (

    select * from {{ ref('int_parameters') }}

),

customers as (

    select * from {{ ref('int_customers') }}

)

select
    opportunities.opportunity_id,
    coalesce(customers.customer_key, {{ unknown_member() }}) as customer_key,
    opportunities.staff as staff_id,
    opportunities.branch as branch_id,
    opportunities.region,
    opportunities.product_category,
    steps.step,
    steps.previous_done_at,
    steps.limit_at,
    steps.limit_at < as_of.as_of_end as is_overdue,
    {{ hours_between('as_of.as_of_end', 'steps.limit_at') }} as hours_left
from steps
inner join opportunities on steps.opportunity_id = opportunities.opportunity_id
cross join as_of
cross join parameters
left join customers on opportunities.customer_id = customers.customer_id
where
    steps.step_order = steps.last_done + 1
    and steps.limit_at < {{ plus_hours('as_of.as_of_end', 'parameters.reminder_lead_hours') }}
