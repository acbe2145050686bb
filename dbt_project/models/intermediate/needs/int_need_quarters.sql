{#-
  Joins a need only with the quarters it touches: from the one in which it was raised to the one of its last
  event, due date or end of watch, or to the last one while it is open. So the cost grows with needs × quarters
  touched, not with needs × reported quarters.
-#}
with

needs as (

    select
        *,
        case
            when last_event in ('resolved', 'verified', 'closed', 'rejected')
                then greatest(raised_at, last_event_at, due_at, watched_until)
        end as touches_until
    from {{ ref('int_need_lifecycle') }}

),

states as (

    select * from {{ ref('int_need_state_intervals') }}

),

events as (

    select * from {{ ref('int_need_event_sequence') }}

),

quarters as (

    select
        periods.period,
        periods.qs,
        periods.c,
        periods.in_progress,
        {{ business_clock('periods.qs', 'first_day') }} as qs_business_clock,
        {{ business_clock('periods.c', 'next_day') }} as c_business_clock
    from {{ ref('int_periods') }} as periods
    left join {{ ref('int_business_days') }} as first_day on cast(periods.qs as date) = first_day.calendar_date
    left join {{ ref('int_business_days') }} as next_day on cast(periods.c as date) = next_day.calendar_date
    where periods.period_type = 'quarter'

),

age_bands as (

    select
        age_band,
        older_than_days,
        lead(older_than_days) over (order by older_than_days) as up_to_days
    from {{ ref('backlog_age_bands') }}

),

customer_quarters as (

    select * from {{ ref('int_customer_period') }}

),

touched as (

    select
        needs.*,
        quarters.period,
        quarters.qs,
        quarters.c,
        quarters.in_progress,
        quarters.qs_business_clock,
        quarters.c_business_clock
    from needs
    inner join quarters
        on
            needs.raised_at < quarters.c
            and (needs.touches_until is null or needs.touches_until >= quarters.qs)

),

-- Another need's resolution counts only while that need is valid at the end of the quarter.
recurrences as (

    select distinct
        later.need_id,
        later.period
    from touched as later
    inner join {{ ref('int_need_recurrences') }} as pairs
        on
            later.need_id = pairs.need_id
            and later.c > pairs.earlier_raised_at
    inner join states
        on
            pairs.earlier_need_id = states.need_id
            and later.c > states.state_from
            and later.c <= states.state_to
    where
        later.raised_at >= later.qs
        and states.is_valid

),

verifications as (

    select
        events.need_id,
        quarters.period,
        sum(events.satisfaction_score) as satisfaction_sum,
        count(*) as satisfaction_answers
    from events
    inner join quarters
        on
            events.occurred_at >= quarters.qs
            and events.occurred_at < quarters.c
    where
        events.event = 'verified'
        and events.satisfaction_score is not null
    group by
        events.need_id,
        quarters.period

),

with_states as (

    select
        touched.*,
        at_close.is_valid,
        at_close.is_open,
        at_close.is_settled,
        at_close.state = 'rejected' as is_rejected,
        at_close.is_closed_loop,
        touched.raised_at >= touched.qs as is_raised,
        touched.raised_at < touched.qs and at_opening.is_open as is_open_at_start,
        touched.due_at >= touched.qs and touched.due_at < touched.c as is_due,
        coalesce(touched.first_resolved_at >= touched.qs and touched.first_resolved_at < touched.c, false)
            as is_resolved,
        coalesce(touched.watched_until >= touched.qs and touched.watched_until < touched.c, false) as is_watched,
        {{ microseconds_between(
            'greatest(touched.qs, touched.due_at)', 'least(touched.c, coalesce(touched.first_resolved_at, touched.c))'
        ) }} as overdue_microseconds,
        least(
            touched.c_business_clock,
            coalesce(touched.first_resolved_business_clock, touched.c_business_clock)
        ) - greatest(touched.qs_business_clock, touched.due_business_clock) as overdue_business_microseconds
    from touched
    inner join states as at_close
        on
            touched.need_id = at_close.need_id
            and touched.c > at_close.state_from
            and touched.c <= at_close.state_to
    inner join states as at_opening
        on
            touched.need_id = at_opening.need_id
            and touched.qs > at_opening.state_from
            and touched.qs <= at_opening.state_to

),

counted as (

    select
        with_states.*,
        with_states.is_valid and with_states.is_open as is_backlog,
        case when with_states.is_valid and with_states.is_open then age_bands.age_band end as age_band,
        recurrences.need_id is not null as is_recurrence,
        coalesce(verifications.satisfaction_sum, 0) as satisfaction_given,
        coalesce(verifications.satisfaction_answers, 0) as satisfaction_given_times,
        coalesce(customer_quarters.segment, {{ unknown_member() }}) as segment,
        coalesce(customer_quarters.value_tier, {{ unknown_member() }}) as value_tier
    from with_states
    left join age_bands
        on
            with_states.c > {{ plus_days('with_states.raised_at', 'age_bands.older_than_days') }}
            and (
                age_bands.up_to_days is null
                or with_states.c <= {{ plus_days('with_states.raised_at', 'age_bands.up_to_days') }}
            )
    left join recurrences
        on
            with_states.need_id = recurrences.need_id
            and with_states.period = recurrences.period
    left join verifications
        on
            with_states.need_id = verifications.need_id
            and with_states.period = verifications.period
    left join customer_quarters
        on
            with_states.customer_id = customer_quarters.customer_id
            and with_states.period = customer_quarters.period

)

select
    need_id,
    period,
    qs as period_starts_at,
    in_progress,
    category,
    owner_department,
    source,
    grade,
    branch,
    region,
    product_category,
    segment,
    value_tier,
    {{ flag('is_raised') }} as raised,
    {{ flag('is_raised and is_valid') }} as valid_raised,
    {{ flag('is_raised and is_valid and is_settled') }} as settled,
    {{ flag('is_raised and is_valid and is_closed_loop') }} as closed_loop,
    {{ flag('is_raised and is_valid and is_recurrence') }} as recurring,
    {{ flag('is_valid and is_resolved') }} as resolved,
    case
        when is_valid and is_resolved then {{ hours_between('raised_at', 'first_resolved_at') }}
    end as resolution_hours,
    case when is_valid and is_resolved then resolution_business_hours end as resolution_business_hours,
    {{ flag('is_valid and is_due') }} as due,
    {{ flag('is_valid and is_due and is_in_time') }} as due_in_time,
    {{ flag('is_valid and is_watched') }} as watched,
    {{ flag('is_valid and is_watched and is_reopened_within_30_days') }} as reopened,
    {{ flag('is_valid and is_watched and is_verified_within_30_days') }} as verified,
    case when is_valid then satisfaction_given else 0 end as satisfaction_sum,
    case when is_valid then satisfaction_given_times else 0 end as satisfaction_answers,
    {{ flag('is_open_at_start') }} as open_at_start,
    {{ flag('is_backlog') }} as open_at_end,
    {{ flag('not is_raised and not is_open_at_start and is_backlog') }} as came_back,
    {{ flag('(is_raised or is_open_at_start) and is_settled') }} as left_settled,
    {{ flag('(is_raised or is_open_at_start) and is_rejected') }} as left_rejected,
    age_band,
    {{ flag("age_band = '0_7'") }} as open_0_7_days,
    {{ flag("age_band = '8_15'") }} as open_8_15_days,
    {{ flag("age_band = '16_30'") }} as open_16_30_days,
    {{ flag("age_band = '31_60'") }} as open_31_60_days,
    {{ flag("age_band = '61_plus'") }} as open_61_plus_days,
    {{ flag('is_valid and overdue_microseconds > 0') }} as overdue,
    case when is_valid and overdue_microseconds > 0 then overdue_microseconds else 0 end as overdue_microseconds,
    case
        when is_valid and overdue_microseconds > 0 then overdue_business_microseconds
        else 0
    end as overdue_business_microseconds
from counted
