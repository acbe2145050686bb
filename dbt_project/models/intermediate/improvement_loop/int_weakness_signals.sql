{#-
  Customer signals per product category and quarter: complaints and needs by category, and surrenders, each with its
  exposure and the mean rate of the previous four reported quarters. A quarter without occurrences has a zero row, so it
  counts in that mean.
-#}
with

quarters as (

    select * from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

exposure as (

    select
        period,
        product_category,
        sum(policies_exposed) as exposure
    from {{ ref('int_policy_exposure') }}
    group by
        period,
        product_category

),

surrenders as (

    select
        period,
        product_category,
        sum(surrendered) as occurrences,
        sum(in_force_at_start) as exposure
    from {{ ref('int_policy_quarters') }}
    group by
        period,
        product_category

),

complaints as (

    select
        'complaint' as signal_type,
        period,
        product_category,
        category,
        sum(received) as occurrences
    from {{ ref('int_complaint_quarters') }}
    group by
        period,
        product_category,
        category

),

needs as (

    select
        'need' as signal_type,
        period,
        product_category,
        category,
        sum(raised) as occurrences
    from {{ ref('int_need_quarters') }}
    group by
        period,
        product_category,
        category

),

voices as (

    select * from complaints
    union all
    select * from needs

),

voices_heard as (

    select distinct
        signal_type,
        product_category,
        category
    from voices

),

voices_in_every_quarter as (

    select
        voices_heard.signal_type,
        quarters.period,
        voices_heard.product_category,
        voices_heard.category,
        coalesce(voices.occurrences, 0) as occurrences,
        exposure.exposure
    from voices_heard
    cross join quarters
    left join voices
        on
            voices_heard.signal_type = voices.signal_type
            and voices_heard.product_category = voices.product_category
            and voices_heard.category = voices.category
            and quarters.period = voices.period
    left join exposure
        on
            voices_heard.product_category = exposure.product_category
            and quarters.period = exposure.period

),

signals as (

    select
        signal_type,
        period,
        product_category,
        category,
        occurrences,
        exposure
    from voices_in_every_quarter

    union all

    select
        'surrender' as signal_type,
        period,
        product_category,
        'all' as category,
        occurrences,
        exposure
    from surrenders

),

with_rate as (

    select
        signals.signal_type,
        signals.period,
        quarters.period_order,
        quarters.in_progress,
        signals.product_category,
        signals.category,
        cast(signals.occurrences as bigint) as occurrences,
        cast(coalesce(signals.exposure, 0) as bigint) as exposure,
        cast(signals.occurrences as double) / nullif(signals.exposure, 0) as rate
    from signals
    inner join quarters on signals.period = quarters.period

)

select
    with_rate.*,
    avg({{ fixed_point('with_rate.rate') }}) over (
        partition by with_rate.signal_type, with_rate.product_category, with_rate.category
        order by with_rate.period_order
        range between 4 preceding and 1 preceding
    ) as rate_before
from with_rate
