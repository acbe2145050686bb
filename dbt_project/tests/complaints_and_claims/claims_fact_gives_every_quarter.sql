{#-
  Counting the published claims gives every quarter's number of first notices and decisions and the notices within
  72 hours; claims without an update at the end of as_of match claims_silent of the last quarter.
-#}
with

claims as (

    select * from {{ ref('fct_claim') }}

),

quarters as (

    select
        period,
        cast(starts_on as timestamp) as qs,
        {{ plus_days('cast(covered_until as timestamp)', 1) }} as c,
        row_number() over (order by period_order desc) = 1 as is_last
    from {{ ref('dim_period') }}
    where period_type = 'quarter'

),

counted as (

    select
        'claim_first_update_p50' as metric,
        quarters.period,
        claims.product_category,
        cast(null as integer) as numerator,
        1 as n
    from claims
    inner join quarters on claims.first_update_at >= quarters.qs and claims.first_update_at < quarters.c

    union all

    select
        'claim_decision_p90' as metric,
        quarters.period,
        claims.product_category,
        cast(null as integer) as numerator,
        1 as n
    from claims
    inner join quarters on claims.decided_at >= quarters.qs and claims.decided_at < quarters.c
    where claims.decision_hours is not null

    union all

    select
        'claim_update_within_72h' as metric,
        quarters.period,
        claims.product_category,
        {{ flag('claims.is_updated_within_72_hours') }} as numerator,
        1 as n
    from claims
    inner join quarters
        on claims.first_update_due_at >= quarters.qs and claims.first_update_due_at < quarters.c

    union all

    select
        'claims_silent' as metric,
        quarters.period,
        claims.product_category,
        1 as numerator,
        1 as n
    from claims
    inner join quarters on quarters.is_last
    where claims.is_silent

),

by_group as (

    select
        metric,
        period,
        product_category,
        sum(numerator) as numerator,
        sum(n) as n
    from counted
    group by
        metric,
        period,
        product_category

),

published as (

    select metric_values.*
    from {{ ref('metric_values') }} as metric_values
    inner join quarters on metric_values.period = quarters.period
    where
        metric_values.group_by = 'product_category'
        and (
            metric_values.metric in ('claim_first_update_p50', 'claim_decision_p90', 'claim_update_within_72h')
            or (metric_values.metric = 'claims_silent' and quarters.is_last)
        )

)

select
    coalesce(published.metric, by_group.metric) as metric,
    coalesce(published.period, by_group.period) as period,
    coalesce(published.group_value, by_group.product_category) as product_category,
    by_group.n as counted_in_the_fact,
    published.n as published
from published
full outer join by_group
    on
        published.metric = by_group.metric
        and published.period = by_group.period
        and published.group_value = by_group.product_category
where
    published.metric is null
    or by_group.metric is null
    or published.n <> by_group.n
    or coalesce(published.numerator, 0) <> coalesce(by_group.numerator, 0)
