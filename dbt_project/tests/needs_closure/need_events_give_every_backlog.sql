{#-
  The open needs at the end of every quarter, counted in the published facts alone: a need is open from when it was raised
  until its first event, and after every event that leaves it so until the next one. Equal to the closing backlog of every
  quarter, also where there was none.
-#}
with

needs as (

    select
        need_id,
        raised_at
    from {{ ref('fct_need') }}

),

events as (

    select
        events.need_id,
        needs.raised_at,
        events.event_order,
        events.event,
        events.occurred_at,
        lead(events.occurred_at) over (partition by events.need_id order by events.event_order) as next_occurred_at
    from {{ ref('fct_need_event') }} as events
    inner join needs on events.need_id = needs.need_id

),

first_events as (

    select
        need_id,
        occurred_at
    from events
    where event_order = 1

),

open_times as (

    select
        needs.raised_at as open_from,
        first_events.occurred_at as open_until
    from needs
    left join first_events on needs.need_id = first_events.need_id

    union all

    select
        greatest(raised_at, occurred_at) as open_from,
        next_occurred_at as open_until
    from events
    where event in ('triaged', 'assigned', 'started', 'reopened')

),

quarters as (

    select
        period,
        cast({{ dbt.dateadd('day', 1, 'covered_until') }} as timestamp) as seen_until
    from {{ ref('dim_period') }}
    where period_type = 'quarter'

),

published as (

    select
        period,
        numerator
    from {{ ref('metric_values') }}
    where
        metric = 'closing_backlog'
        and group_by = 'all'

),

counted as (

    select
        quarters.period,
        count(open_times.open_from) as needs
    from quarters
    left join open_times
        on
            quarters.seen_until > open_times.open_from
            and (open_times.open_until is null or quarters.seen_until <= open_times.open_until)
    group by quarters.period

)

select
    counted.period,
    counted.needs as counted_in_the_facts,
    published.numerator as published
from counted
full outer join published on counted.period = published.period
where coalesce(counted.needs, -1) <> coalesce(published.numerator, -1)
