{#-
  Work events of a person by calendar month: each event counts in the month it happened, a step in the month of its
  deadline, a policy's persistency in the month of its test, decided or not. Months without events have zeros; a median
  without values is empty.
-#}
with

staff as (

    select * from {{ ref('int_staff_branches') }}

),

months as (

    select * from {{ ref('int_periods') }}
    where period_type = 'month'

),

parameters as (

    select * from {{ ref('int_parameters') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

complaints as (

    select
        staff,
        {{ first_day_of('month', 'received_at') }} as starts_on,
        count(*) as complaints
    from {{ ref('int_complaint_lifecycle') }}
    group by
        staff,
        {{ first_day_of('month', 'received_at') }}

),

policies as (

    select * from {{ ref('int_policy_lifecycle') }}

),

sales as (

    select
        staff,
        {{ first_day_of('month', 'issued_on') }} as starts_on,
        count(*) as policies_sold
    from policies
    group by
        staff,
        {{ first_day_of('month', 'issued_on') }}

),

first_responses as (

    select
        staff_id,
        {{ first_day_of('month', 'opened_at') }} as starts_on,
        count(*) as first_responses,
        {{ quantile_cont(hours_between('opened_at', 'first_response_at'), 0.5) }} as first_response_hours_p50
    from {{ ref('int_interactions') }}
    where first_response_at is not null
    group by
        staff_id,
        {{ first_day_of('month', 'opened_at') }}

),

second_sales as (

    select
        staff,
        {{ first_day_of('month', 'closed_at') }} as starts_on,
        count(*) as second_sales_closed,
        sum({{ flag("stage = 'won'") }}) as second_sales_won
    from {{ ref('int_opportunity_lifecycle') }}
    where
        is_second_sale
        and stage in ('won', 'lost')
        and closed_at is not null
    group by
        staff,
        {{ first_day_of('month', 'closed_at') }}

),

steps as (

    select
        opportunities.staff,
        {{ first_day_of('month', 'path_steps.limit_at') }} as starts_on,
        count(*) as steps_due,
        sum({{ flag('path_steps.is_on_time') }}) as steps_on_time
    from {{ ref('int_followup_steps') }} as path_steps
    cross join as_of
    inner join {{ ref('int_opportunity_lifecycle') }} as opportunities
        on path_steps.opportunity_id = opportunities.opportunity_id
    where path_steps.limit_at < as_of.as_of_end
    group by
        opportunities.staff,
        {{ first_day_of('month', 'path_steps.limit_at') }}

),

persistency as (

    select
        policies.staff,
        {{ first_day_of('month', 'tests.tested_on') }} as starts_on,
        count(*) as persistency_tested,
        sum({{ flag('tests.is_kept') }}) as persistency_kept
    from {{ ref('int_persistency') }} as tests
    inner join policies on tests.policy_id = policies.policy_id
    where
        tests.test_month = 13
        and not tests.is_immature
    group by
        policies.staff,
        {{ first_day_of('month', 'tests.tested_on') }}

),

renewals as (

    select
        policies.staff,
        {{ first_day_of('month', 'premiums.paid_on') }} as starts_on,
        sum(premiums.paid_amount) as renewal_premium
    from {{ ref('int_premiums') }} as premiums
    cross join parameters
    inner join policies on premiums.policy_id = policies.policy_id
    where
        premiums.paid_on is not null
        and premiums.due_on >= {{ add_months('policies.effective_on', 'parameters.renewal_after_months') }}
    group by
        policies.staff,
        {{ first_day_of('month', 'premiums.paid_on') }}

),

answers as (

    select
        staff_id,
        {{ first_day_of('month', 'responded_at') }} as starts_on,
        count(*) as csat_answers,
        sum(score) as csat_sum
    from {{ ref('int_surveys') }}
    where
        instrument = 'csat'
        and staff_id is not null
    group by
        staff_id,
        {{ first_day_of('month', 'responded_at') }}

)

select
    staff.staff_id,
    months.period,
    months.starts_on,
    months.in_progress,
    coalesce(staff.hired_on <= months.starts_on, false)
    and (staff.left_on is null or staff.left_on > months.covered_until) as is_employed_throughout,
    cast(coalesce(complaints.complaints, 0) as bigint) as complaints,
    cast(coalesce(sales.policies_sold, 0) as bigint) as policies_sold,
    cast(coalesce(first_responses.first_responses, 0) as bigint) as first_responses,
    first_responses.first_response_hours_p50,
    cast(coalesce(second_sales.second_sales_closed, 0) as bigint) as second_sales_closed,
    cast(coalesce(second_sales.second_sales_won, 0) as bigint) as second_sales_won,
    cast(coalesce(steps.steps_due, 0) as bigint) as steps_due,
    cast(coalesce(steps.steps_on_time, 0) as bigint) as steps_on_time,
    cast(coalesce(persistency.persistency_tested, 0) as bigint) as persistency_tested,
    cast(coalesce(persistency.persistency_kept, 0) as bigint) as persistency_kept,
    cast(coalesce(renewals.renewal_premium, 0) as decimal(38, 2)) as renewal_premium,
    cast(coalesce(answers.csat_answers, 0) as bigint) as csat_answers,
    cast(coalesce(answers.csat_sum, 0) as bigint) as csat_sum
from staff
cross join months
left join complaints
    on
        staff.staff_id = complaints.staff
        and months.starts_on = complaints.starts_on
left join sales
    on
        staff.staff_id = sales.staff
        and months.starts_on = sales.starts_on
left join first_responses
    on
        staff.staff_id = first_responses.staff_id
        and months.starts_on = first_responses.starts_on
left join second_sales
    on
        staff.staff_id = second_sales.staff
        and months.starts_on = second_sales.starts_on
left join steps
    on
        staff.staff_id = steps.staff
        and months.starts_on = steps.starts_on
left join persistency
    on
        staff.staff_id = persistency.staff
        and months.starts_on = persistency.starts_on
left join renewals
    on
        staff.staff_id = renewals.staff
        and months.starts_on = renewals.starts_on
left join answers
    on
        staff.staff_id = answers.staff_id
        and months.starts_on = answers.starts_on
