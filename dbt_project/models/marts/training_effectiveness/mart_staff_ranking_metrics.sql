with

metrics as (

    select * from {{ ref('int_staff_quarter_metrics') }}

),

ranks as (

    select * from {{ ref('int_staff_quarter_ranks') }}

)

select
    metrics.staff_id,
    metrics.period,
    metrics.metric,
    metrics.value,
    metrics.n,
    metrics.counts,
    cast(ranks.percentile_rank as double) as percentile_rank
from metrics
left join ranks
    on
        metrics.staff_id = ranks.staff_id
        and metrics.period = ranks.period
        and metrics.metric = ranks.metric
