with

needs as (

    select * from {{ ref('int_need_lifecycle') }}

),

states as (

    select * from {{ ref('int_need_state_intervals') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

-- The last reported quarter ends with as_of: what holds at its end holds now.
last_quarter as (

    select period
    from {{ ref('int_periods') }}
    where period_type = 'quarter'
    qualify row_number() over (order by period_order desc) = 1

),

customers_now as (

    select customer_quarters.*
    from {{ ref('int_customer_period') }} as customer_quarters
    inner join last_quarter on customer_quarters.period = last_quarter.period

),

-- A recurrence counts while the earlier need is valid.
recurrences as (

    select distinct pairs.need_id
    from {{ ref('int_need_recurrences') }} as pairs
    cross join as_of
    inner join states
        on
            pairs.earlier_need_id = states.need_id
            and as_of.as_of_end > states.state_from
            and as_of.as_of_end <= states.state_to
    where states.is_valid

),

backlog as (

    select
        need_quarters.need_id,
        need_quarters.age_band
    from {{ ref('int_need_quarters') }} as need_quarters
    inner join last_quarter on need_quarters.period = last_quarter.period

),

at_as_of as (

    select
        needs.*,
        states.state,
        states.is_valid,
        states.is_open,
        states.is_settled,
        states.is_closed_loop,
        as_of.as_of_end,
        coalesce(customers_now.segment, {{ unknown_member() }}) as segment,
        coalesce(customers_now.value_tier, {{ unknown_member() }}) as value_tier
    from needs
    cross join as_of
    inner join states
        on
            needs.need_id = states.need_id
            and as_of.as_of_end > states.state_from
            and as_of.as_of_end <= states.state_to
    left join customers_now on needs.customer_id = customers_now.customer_id

)

select
    at_as_of.need_id,
    at_as_of.category,
    at_as_of.owner_department,
    at_as_of.source,
    at_as_of.grade,
    at_as_of.branch as branch_id,
    at_as_of.region,
    at_as_of.product as product_id,
    at_as_of.product_category,
    at_as_of.staff as staff_id,
    at_as_of.segment,
    at_as_of.value_tier,
    at_as_of.complaint_id,
    cast(at_as_of.urgency as integer) as urgency,
    cast(at_as_of.impact as integer) as impact,
    cast(at_as_of.business_value as integer) as business_value,
    cast(at_as_of.score as integer) as score,
    at_as_of.raised_at,
    cast(at_as_of.raised_at as date) as raised_on,
    at_as_of.due_at,
    at_as_of.state,
    at_as_of.is_valid,
    at_as_of.is_open,
    at_as_of.is_settled,
    at_as_of.is_closed_loop,
    recurrences.need_id is not null as is_recurrence,
    at_as_of.first_resolved_at,
    {{ hours_between('at_as_of.raised_at', 'at_as_of.first_resolved_at') }} as resolution_hours,
    at_as_of.resolution_business_hours,
    at_as_of.is_in_time,
    greatest(
        0,
        {{ hours_between('at_as_of.due_at', 'coalesce(at_as_of.first_resolved_at, at_as_of.as_of_end)') }}
    ) as overdue_hours,
    at_as_of.is_reopened_within_30_days,
    at_as_of.is_verified_within_30_days,
    cast(at_as_of.events_count as integer) as events_count,
    cast(at_as_of.reopenings_count as integer) as reopenings_count,
    at_as_of.last_event,
    at_as_of.last_event_at,
    {{ hours_between('at_as_of.raised_at', 'at_as_of.as_of_end') }} / 24 as age_days,
    backlog.age_band
from at_as_of
left join recurrences on at_as_of.need_id = recurrences.need_id
left join backlog on at_as_of.need_id = backlog.need_id
