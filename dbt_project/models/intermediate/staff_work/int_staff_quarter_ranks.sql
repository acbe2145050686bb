{#-
  Percentile rank of each person in each metric with enough data, among the confirmed staff of the role with that metric
  in the quarter: 0 for the worst, 1 for the best, ties at the mean of their ranks. Alone in a metric, nobody can be
  compared.
-#}
with

metrics as (

    select * from {{ ref('int_staff_quarter_metrics') }}
    where counts

),

ranked as (

    select
        *,
        rank() over (partition by role, period, metric order by better) as first_rank,
        count(*) over (partition by role, period, metric, better) as tied,
        count(*) over (partition by role, period, metric) as persons
    from metrics

)

select
    staff_id,
    period,
    metric,
    (first_rank + (tied - 1) / 2.0 - 1) / (persons - 1) as percentile_rank
from ranked
where persons > 1
