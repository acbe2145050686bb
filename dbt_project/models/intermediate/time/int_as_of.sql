{#-
  Reads the raw tables rather than staging: every loaded row counts, also one that is void or replaced by now,
  and a maximum over one raw column costs next to nothing.
-#}
with

run_parameters as (

    select * from {{ ref('stg_pipeline__run_parameters') }}

),

latest_days as (

    {{ latest_day('crm', 'interactions', 'opened_at') }}
    union all
    {{ latest_day('bank', 'transactions', 'occurred_at') }}
    union all
    {{ latest_day('crm', 'need_events', 'occurred_at') }}
    union all
    {{ latest_day('crm', 'needs', 'raised_at') }}
    union all
    {{ latest_day('complaint', 'complaints', 'received_at') }}
    union all
    {{ latest_day('policy', 'policies', 'issued_on') }}
    union all
    {{ latest_day('policy', 'premiums', 'paid_on') }}
    union all
    {{ latest_day('crm', 'surveys', 'responded_at') }}

),

data_as_of as (

    select max(latest_day) as latest_day
    from latest_days

),

chosen as (

    select
        run_parameters.load_date,
        run_parameters.requested_as_of is not null as is_requested,
        coalesce(run_parameters.requested_as_of, data_as_of.latest_day) as as_of
    from run_parameters
    cross join data_as_of

)

select
    as_of,
    cast({{ dbt.dateadd('day', 1, 'as_of') }} as timestamp) as as_of_end,
    is_requested,
    load_date
from chosen
