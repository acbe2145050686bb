{#-
  A count or sum keeps a numerator, which gives the value, and no denominator; a ratio or mean a denominator, and a value
  exactly where that is not 0 and a numerator is given; a quantile no numerator, and a value where there is anything to
  take it from. What counts things in overlapping groups is a count or a ratio.
-#}
select
    metric_values.metric,
    metric_values.period,
    metric_values.group_by,
    metric_values.group_value
from {{ ref('metric_values') }} as metric_values
inner join {{ ref('dim_metric') }} as metrics on metric_values.metric = metrics.metric
where
    not case metrics.additivity
        when 'additive'
            then
                metric_values.denominator is null
                and metric_values.numerator is not null
                and metric_values.value = metric_values.numerator * metrics.factor
        when 'overlapping'
            then
                metric_values.numerator is not null
                and coalesce(metric_values.denominator <> 0, true) = (metric_values.value is not null)
        when 'quantile'
            then
                metric_values.numerator is null
                and metric_values.denominator = metric_values.n
                and (metric_values.value is null) = (metric_values.n = 0)
        else
            metric_values.denominator is not null
            and (metric_values.value is null)
            = (metric_values.denominator = 0 or metric_values.numerator is null)
    end
