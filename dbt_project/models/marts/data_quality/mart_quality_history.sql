{#-
  A day may have several runs, and a run may check only some tables: the last run of the day counts for each
  table.
-#}
with

results as (

    select
        *,
        cast(checked_at as date) as checked_on
    from {{ ref('stg_quality__check_results') }}

),

last_looks as (

    select
        checked_on,
        stage,
        table_name,
        max(checked_at) as checked_at
    from results
    group by
        checked_on,
        stage,
        table_name

)

select
    results.checked_on,
    results.system,
    results.owner,
    results.severity,
    count(*) as checks,
    cast(sum(case when results.passed then 0 else 1 end) as bigint) as failed_checks,
    cast(sum(case when results.passed then 0 else results.failed_rows end) as bigint) as failed_rows
from results
inner join last_looks
    on
        results.stage = last_looks.stage
        and results.table_name = last_looks.table_name
        and results.checked_at = last_looks.checked_at
group by
    results.checked_on,
    results.system,
    results.owner,
    results.severity
