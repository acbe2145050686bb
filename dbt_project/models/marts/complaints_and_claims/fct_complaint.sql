with

complaints as (

    select * from {{ ref('int_complaint_lifecycle') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

business_days as (

    select * from {{ ref('int_business_days') }}

),

at_as_of as (

    select
        complaints.*,
        as_of.as_of_end,
        coalesce(complaints.resolved_at, as_of.as_of_end) as open_until
    from complaints
    cross join as_of

)

select
    at_as_of.complaint_id,
    at_as_of.category,
    at_as_of.channel,
    cast(at_as_of.severity as integer) as severity,
    at_as_of.product as product_id,
    at_as_of.product_category,
    at_as_of.branch as branch_id,
    at_as_of.region,
    at_as_of.staff as staff_id,
    at_as_of.is_regulator_referred,
    at_as_of.received_at,
    cast(at_as_of.received_at as date) as received_on,
    at_as_of.acknowledged_at,
    at_as_of.resolved_at,
    at_as_of.closed_at,
    at_as_of.is_open,
    {{ hours_between('at_as_of.received_at', 'at_as_of.open_until') }} / 24 as days_open,
    {{ hours_between('at_as_of.received_at', 'at_as_of.resolved_at') }} as resolution_hours,
    {{ business_hours_between('at_as_of.received_at', 'at_as_of.resolved_at', 'received_day', 'resolved_day') }}
        as resolution_business_hours,
    at_as_of.outcome,
    at_as_of.is_decided,
    at_as_of.is_upheld,
    at_as_of.compensation,
    {%- for limit in complaint_limits() %}
    at_as_of.limit_{{ limit }}_at,
    at_as_of.is_within_{{ limit }}_days
    {%- if not loop.last %},{% endif %}
    {%- endfor %}
from at_as_of
left join business_days as received_day on cast(at_as_of.received_at as date) = received_day.calendar_date
left join business_days as resolved_day on cast(at_as_of.resolved_at as date) = resolved_day.calendar_date
