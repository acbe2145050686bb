{#- The state of a release's data in one row. -#}
with

checks as (

    select
        count(*) as checks,
        coalesce(sum({{ flag("not passed and severity = 'blocking'") }}), 0) as blocking_failed,
        coalesce(sum({{ flag("not passed and severity = 'warning'") }}), 0) as warnings_failed
    from {{ ref('mart_quality_checks') }}

),

incidents as (

    select count(*) as open_incidents
    from {{ ref('mart_incidents') }}
    where is_open

),

loads as (

    select count(*) as late_tables
    from {{ ref('mart_source_loads') }}
    where
        is_behind
        or is_overdue

)

select
    checks.checks,
    cast(checks.blocking_failed as bigint) as blocking_failed,
    cast(checks.warnings_failed as bigint) as warnings_failed,
    incidents.open_incidents,
    loads.late_tables
from checks
cross join incidents
cross join loads
