{#-
  In every grouping of every metric the groups' numerators, denominators and n add up to those of `all`: each row
  counted belongs to exactly one group, be it unknown. Holds for counts, sums, ratios and means, and for the number of
  values of quantiles, but not for what is counted in several groups. Where the numerator of `all` or of any group is not
  known yet, only the rest is compared. Sums are compared as exactly as floating point holds them, however large they are.
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
        case when count(numerator) = count(*) then sum({{ fixed_point('numerator') }}) end as numerator,
        sum({{ fixed_point('coalesce(denominator, 0)') }}) as denominator,
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
    {{ differ('groupings.numerator', 'totals.numerator') }}
    or {{ differ('groupings.denominator', 'coalesce(totals.denominator, 0)') }}
    or groupings.n <> totals.n
