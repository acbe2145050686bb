{#-
  In every grouping of every metric the groups' numerators, denominators and n add up to those of `all`: each row
  counted belongs to exactly one group, be it unknown. Holds for counts, sums, ratios and means, and for the number of
  values of quantiles, but not for what is counted in several groups. Where the numerator of `all` or of any group is not
  known yet, only the rest is compared. Sums of fractions are compared to 1e-9.
-#}
with

overlapping as (

    select metric
    from {{ ref('dim_metric') }}
    where additivity = 'overlapping'

),

groupings as (

    select
        metric,
        period,
        group_by,
        case when count(numerator) = count(*) then sum(numerator) end as numerator,
        sum(coalesce(denominator, 0)) as denominator,
        sum(n) as n
    from {{ ref('metric_values') }}
    where
        group_by <> 'all'
        and metric not in (select overlapping.metric from overlapping)
    group by
        metric,
        period,
        group_by

)

select
    groupings.metric,
    groupings.period,
    groupings.group_by,
    groupings.numerator,
    totals.numerator as numerator_of_all,
    groupings.denominator,
    totals.denominator as denominator_of_all,
    groupings.n,
    totals.n as n_of_all
from groupings
inner join {{ ref('metric_values') }} as totals
    on
        groupings.metric = totals.metric
        and groupings.period = totals.period
        and totals.group_by = 'all'
where
    abs(groupings.numerator - totals.numerator) > 1e-9 * greatest(1, abs(groupings.numerator))
    or abs(groupings.denominator - coalesce(totals.denominator, 0)) > 1e-9 * greatest(1, groupings.denominator)
    or groupings.n <> totals.n
