{#-
  Counting the published complaints gives every quarter's numbers, for all and by each group of the complaint.
  A period is closed on its first side: what happens at the midnight that ends it belongs to the next.
-#}
{%- set groups = {
    'category': 'category',
    'channel': 'channel',
    'product_category': 'product_category',
    'branch': 'branch_id',
    'region': 'region',
} -%}

with

complaints as (

    select * from {{ ref('fct_complaint') }}

),

quarters as (

    select
        period,
        cast(starts_on as timestamp) as qs,
        {{ plus_days('cast(covered_until as timestamp)', 1) }} as c
    from {{ ref('dim_period') }}
    where period_type = 'quarter'

),

counted as (

    select
        'complaints_received' as metric,
        quarters.period,
        complaints.*,
        1 as numerator,
        0 as denominator
    from complaints
    inner join quarters on complaints.received_at >= quarters.qs and complaints.received_at < quarters.c

    union all

    select
        'regulator_share' as metric,
        quarters.period,
        complaints.*,
        {{ flag('complaints.is_regulator_referred') }} as numerator,
        1 as denominator
    from complaints
    inner join quarters on complaints.received_at >= quarters.qs and complaints.received_at < quarters.c

    union all

    select
        'upheld_rate' as metric,
        quarters.period,
        complaints.*,
        {{ flag('complaints.is_upheld') }} as numerator,
        1 as denominator
    from complaints
    inner join quarters on complaints.resolved_at >= quarters.qs and complaints.resolved_at < quarters.c
    where complaints.is_decided
    {% for days in [15, 30, 60] %}
    union all

    select
        'complaints_within_{{ days }}d' as metric,
        quarters.period,
        complaints.*,
        {{ flag('complaints.is_within_' ~ days ~ '_days') }} as numerator,
        1 as denominator
    from complaints
    inner join quarters
        on complaints.limit_{{ days }}_at >= quarters.qs and complaints.limit_{{ days }}_at < quarters.c
    {% endfor %}
),

by_group as (

    select
        metric,
        period,
        'all' as group_by,
        'all' as group_value,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from counted
    group by
        metric,
        period
    {% for group_by, column in groups.items() %}
    union all

    select
        metric,
        period,
        '{{ group_by }}' as group_by,
        {{ column }} as group_value,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from counted
    group by
        metric,
        period,
        {{ column }}
    {% endfor %}
),

published as (

    select * from {{ ref('metric_values') }}
    where
        metric in ('complaints_received', 'regulator_share', 'upheld_rate')
        or metric like 'complaints_within_%'

)

select
    coalesce(published.metric, by_group.metric) as metric,
    coalesce(published.period, by_group.period) as period,
    coalesce(published.group_by, by_group.group_by) as group_by,
    coalesce(published.group_value, by_group.group_value) as group_value,
    by_group.numerator as counted_in_the_fact,
    published.numerator as published
from published
full outer join by_group
    on
        published.metric = by_group.metric
        and published.period = by_group.period
        and published.group_by = by_group.group_by
        and published.group_value = by_group.group_value
where
    published.metric is null
    or published.numerator <> coalesce(by_group.numerator, 0)
    or coalesce(published.denominator, 0) <> coalesce(by_group.denominator, 0)
