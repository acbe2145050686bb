with

as_of as (

    select * from {{ ref('int_as_of') }}

),

parameters as (

    select * from {{ ref('int_parameters') }}

),

first_events as (

    select min(raised_at) as happened_at from {{ ref('int_needs') }}
    union all
    select min(received_at) as happened_at from {{ ref('int_complaints') }}
    union all
    select min(opened_at) as happened_at from {{ ref('int_interactions') }}
    union all
    select cast(min(issued_on) as timestamp) as happened_at from {{ ref('int_policies') }}

),

earliest as (

    select min(happened_at) as happened_at
    from first_events

),

shown_from as (

    {#- Without any event, only the period of as_of is reported. -#}
    select
        as_of.as_of,
        as_of.as_of_end,
        parameters.history_quarters,
        parameters.history_months,
        coalesce(earliest.happened_at, cast(as_of.as_of as timestamp)) as happened_at
    from as_of
    cross join parameters
    cross join earliest
    where as_of.as_of is not null

),

bounds as (

    select
        as_of,
        as_of_end,
        greatest(
            {{ first_day_of('quarter', 'happened_at') }},
            {{ add_months(first_day_of('quarter', 'as_of'), '-3 * (history_quarters - 1)') }}
        ) as first_quarter,
        {{ first_day_of('quarter', 'as_of') }} as last_quarter,
        greatest(
            {{ first_day_of('month', 'happened_at') }},
            {{ add_months(first_day_of('month', 'as_of'), '-1 * (history_months - 1)') }}
        ) as first_month,
        {{ first_day_of('month', 'as_of') }} as last_month
    from shown_from

),

quarters as (

    select
        'quarter' as period_type,
        3 as months,
        as_of,
        as_of_end,
        {{ date_range('first_quarter', 'last_quarter', 3, 'month') }} as starts_on
    from bounds

),

months as (

    select
        'month' as period_type,
        1 as months,
        as_of,
        as_of_end,
        {{ date_range('first_month', 'last_month', 1, 'month') }} as starts_on
    from bounds

),

shown as (

    select
        *,
        {{ add_months('starts_on', 'months') }} as next_starts_on
    from quarters
    union all
    select
        *,
        {{ add_months('starts_on', 'months') }} as next_starts_on
    from months

),

labelled as (

    select
        period_type,
        case
            when period_type = 'quarter' then {{ quarter_name('starts_on') }}
            else {{ month_name('starts_on') }}
        end as period,
        starts_on,
        cast({{ dbt.dateadd('day', -1, 'next_starts_on') }} as date) as ends_on,
        least(cast({{ dbt.dateadd('day', -1, 'next_starts_on') }} as date), as_of) as covered_until,
        cast(starts_on as timestamp) as qs,
        cast(next_starts_on as timestamp) as qe,
        least(cast(next_starts_on as timestamp), as_of_end) as c,
        as_of_end < cast(next_starts_on as timestamp) as in_progress
    from shown

)

select
    period_type,
    period,
    starts_on,
    ends_on,
    covered_until,
    qs,
    qe,
    c,
    in_progress,
    lag(period) over (partition by period_type order by starts_on) as previous_period,
    case
        when period_type = 'quarter' then lag(period, 4) over (partition by period_type order by starts_on)
        else lag(period, 12) over (partition by period_type order by starts_on)
    end as year_before_period,
    cast(row_number() over (partition by period_type order by starts_on) as integer) as period_order
from labelled
