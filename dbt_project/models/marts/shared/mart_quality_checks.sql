{#- A run may check only some tables: each table's latest results count, and removed checks disappear with them. -#}
with

results as (

    select * from {{ ref('stg_quality__check_results') }}

),

latest as (

    select
        stage,
        table_name,
        max(checked_at) as checked_at
    from results
    group by
        stage,
        table_name

)

select
    results.table_name,
    results.system,
    results.check_name,
    results.severity,
    results.owner,
    results.passed,
    results.failed_rows,
    results.checked_rows,
    results.label_zh,
    results.label_en,
    results.message_zh,
    results.message_en,
    results.remedy_zh,
    results.remedy_en,
    results.checked_at
from results
inner join latest
    on
        results.stage = latest.stage
        and results.table_name = latest.table_name
        and results.checked_at = latest.checked_at
