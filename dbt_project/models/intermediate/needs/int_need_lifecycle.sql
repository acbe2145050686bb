with

needs as (

    select * from {{ ref('int_needs') }}

),

events as (

    select * from {{ ref('int_need_event_sequence') }}

),

branches as (

    select * from {{ ref('int_branches') }}

),

products as (

    select * from {{ ref('int_products') }}

),

staff as (

    select * from {{ ref('int_staff') }}

),

sla as (

    select * from {{ ref('sla_policy') }}

),

grade_bands as (

    select
        grade,
        min_score,
        lead(min_score) over (order by min_score) as below_score
    from {{ ref('need_grades') }}

),

parameters as (

    select * from {{ ref('int_parameters') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

business_days as (

    select * from {{ ref('int_business_days') }}

),

first_resolutions as (

    select
        events.need_id,
        events.occurred_at as first_resolved_at,
        events.event_order as resolution_order,
        {{ plus_days('events.occurred_at', 'parameters.need_watch_days') }} as watched_until
    from events
    cross join parameters
    where events.is_first_resolution

),

handling as (

    select
        events.need_id,
        count(*) as events_count,
        sum(case when events.event = 'reopened' then 1 else 0 end) as reopenings_count,
        max(events.occurred_at) as last_event_at,
        max(case when events.next_occurred_at is null then events.event end) as last_event,
        min(first_resolutions.first_resolved_at) as first_resolved_at,
        min(first_resolutions.watched_until) as watched_until,
        coalesce(max(case
            when
                events.event = 'reopened'
                and events.event_order > first_resolutions.resolution_order
                and events.occurred_at <= first_resolutions.watched_until then 1
            else 0
        end), 0) = 1 as is_reopened_within_30_days,
        coalesce(max(case
            when
                events.event = 'verified'
                and events.event_order >= first_resolutions.resolution_order
                and events.occurred_at <= first_resolutions.watched_until then 1
            else 0
        end), 0) = 1 as is_verified_within_30_days
    from events
    left join first_resolutions on events.need_id = first_resolutions.need_id
    group by events.need_id

),

graded as (

    select
        needs.*,
        needs.first_urgency * needs.first_impact * needs.first_business_value as score
    from needs

),

described as (

    select
        graded.need_id,
        graded.customer_id,
        graded.complaint_id,
        graded.category,
        graded.owner_department,
        graded.source,
        grade_bands.grade,
        coalesce(branches.branch_id, {{ unknown_member() }}) as branch,
        coalesce(branches.region, {{ unknown_member() }}) as region,
        coalesce(products.product_id, {{ unknown_member() }}) as product,
        coalesce(products.product_category, {{ unknown_member() }}) as product_category,
        coalesce(staff.staff_id, {{ unknown_member() }}) as staff,
        graded.first_urgency as urgency,
        graded.first_impact as impact,
        graded.first_business_value as business_value,
        graded.score,
        sla.sla_hours,
        graded.raised_at,
        {{ plus_hours('graded.raised_at', 'sla.sla_hours') }} as due_at,
        handling.first_resolved_at,
        handling.watched_until,
        coalesce(handling.is_reopened_within_30_days, false) as is_reopened_within_30_days,
        coalesce(handling.is_verified_within_30_days, false) as is_verified_within_30_days,
        coalesce(handling.events_count, 0) as events_count,
        coalesce(handling.reopenings_count, 0) as reopenings_count,
        coalesce(handling.last_event, 'none') as last_event,
        handling.last_event_at
    from graded
    left join grade_bands
        on
            graded.score >= grade_bands.min_score
            and (grade_bands.below_score is null or graded.score < grade_bands.below_score)
    left join sla on grade_bands.grade = sla.grade
    left join branches on graded.branch_id = branches.branch_id
    left join products on graded.product_id = products.product_id
    left join staff on graded.staff_id = staff.staff_id
    left join handling on graded.need_id = handling.need_id

)

select
    described.*,
    {{ is_within('described.first_resolved_at', 'described.due_at', 'as_of.as_of_end') }} as is_in_time,
    {{ business_clock('described.raised_at', 'raised_day') }} as raised_business_clock,
    {{ business_clock('described.due_at', 'due_day') }} as due_business_clock,
    {{ business_clock('described.first_resolved_at', 'resolved_day') }} as first_resolved_business_clock,
    {{ business_hours_between('described.raised_at', 'described.first_resolved_at', 'raised_day', 'resolved_day') }}
        as resolution_business_hours
from described
cross join as_of
left join business_days as raised_day on cast(described.raised_at as date) = raised_day.calendar_date
left join business_days as due_day on cast(described.due_at as date) = due_day.calendar_date
left join business_days as resolved_day on cast(described.first_resolved_at as date) = resolved_day.calendar_date
