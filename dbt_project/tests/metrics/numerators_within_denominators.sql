{#-
  The numerator of a rate is at most its denominator, and neither is negative; a growth is no share of anything, and a mean of
  shares may be negative.
-#}
select
    metric_values.metric,
    metric_values.period,
    metric_values.group_by,
    metric_values.group_value,
    metric_values.numerator,
    metric_values.denominator
from {{ ref('metric_values') }} as metric_values
inner join {{ ref('dim_metric') }} as metrics on metric_values.metric = metrics.metric
where
    metrics.unit = 'rate'
    and metrics.shift = 0
    and metrics.additivity <> 'mean'
    and (metric_values.numerator < 0 or metric_values.numerator > metric_values.denominator)
