{#-
  Needs raised, counted in the published fact, are the published metric in every reported quarter and group that does
  not change with time, both ways: a group without needs has no metric row, and a need without one is found. Neither way
  goes through the quarters of the needs that the metrics are made of.
-#}
{%- set groups = ['category', 'owner_department', 'source', 'grade', 'branch', 'region', 'product_category'] -%}

with

raised as (

    select
        {{ quarter_name('raised_on') }} as period,
        category,
        owner_department,
        source,
        grade,
        branch_id as branch,
        region,
        product_category
    from {{ ref('fct_need') }}

),

counted as (

    select
        period,
        'all' as group_by,
        'all' as group_value,
        count(*) as needs
    from raised
    group by period
    {% for group in groups %}
    union all

    select
        period,
        '{{ group }}' as group_by,
        {{ group }} as group_value,
        count(*) as needs
    from raised
    group by
        period,
        {{ group }}
    {% endfor %}

),

shown as (

    select counted.*
    from counted
    inner join {{ ref('dim_period') }} as periods on counted.period = periods.period

),

published as (

    select
        period,
        group_by,
        group_value,
        numerator,
        n
    from {{ ref('metric_values') }}
    where
        metric = 'needs_raised'
        and group_by not in ('segment', 'value_tier')
        and (group_by <> 'all' or n > 0)

)

select
    coalesce(shown.period, published.period) as period,
    coalesce(shown.group_by, published.group_by) as group_by,
    coalesce(shown.group_value, published.group_value) as group_value,
    shown.needs as counted_in_the_fact,
    published.numerator as published
from shown
full outer join published
    on
        shown.period = published.period
        and shown.group_by = published.group_by
        and shown.group_value = published.group_value
where
    coalesce(shown.needs, -1) <> coalesce(published.numerator, -1)
    or shown.needs <> published.n
