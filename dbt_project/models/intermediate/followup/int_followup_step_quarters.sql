{#- A step belongs to the quarter in which its opportunity was created and to the one in which its deadline falls. -#}
with

steps as (

    select * from {{ ref('int_followup_steps') }}

),

opportunities as (

    select * from {{ ref('int_opportunity_lifecycle') }}

),

quarters as (

    select * from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

touching as (

    select
        steps.*,
        quarters.period,
        quarters.qs,
        quarters.in_progress,
        steps.created_at >= quarters.qs and steps.created_at < quarters.c
        and steps.previous_done_at < quarters.c and steps.done_at < quarters.c
            as is_done_in_cohort,
        steps.limit_at >= quarters.qs and steps.limit_at < quarters.c as is_due
    from steps
    inner join quarters
        on
            (steps.created_at >= quarters.qs and steps.created_at < quarters.c)
            or (steps.limit_at >= quarters.qs and steps.limit_at < quarters.c)

)

select
    touching.opportunity_id,
    touching.step,
    touching.period,
    touching.qs as period_starts_at,
    touching.in_progress,
    opportunities.staff,
    opportunities.branch,
    opportunities.region,
    opportunities.product_category,
    case when touching.is_done_in_cohort then touching.step_hours end as step_hours,
    case when touching.is_done_in_cohort then touching.step_business_hours end as step_business_hours,
    {{ flag('touching.is_due') }} as due,
    {{ flag('touching.is_due and touching.is_on_time') }} as on_time
from touching
inner join opportunities on touching.opportunity_id = opportunities.opportunity_id
