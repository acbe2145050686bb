{#-
  A weakness is a signal above its mean of the previous four quarters. Its excess is the difference in events, with nine
  decimals: sums are exact, and a signal exactly at its mean has none. The share of a module counts excess complaints
  and excess surrenders; needs are shown beside them. A quarter in progress is compared as far as it goes.
-#}
with

signals as (

    select * from {{ ref('int_weakness_signals') }}

),

modules as (

    select * from {{ ref('weakness_module_map') }}

),

parameters as (

    select * from {{ ref('int_parameters') }}

),

quarters as (

    select * from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

sessions as (

    select
        attendance.module,
        quarters.period_order,
        count(*) as persons_trained
    from {{ ref('int_attendance_quarters') }} as attendance
    inner join quarters on attendance.period = quarters.period
    where attendance.attended = 1
    group by
        attendance.module,
        quarters.period_order

),

mastery as (

    select
        module,
        period,
        sum(mastered) as mastered,
        count(*) as assessed
    from {{ ref('int_mastery_quarters') }}
    group by
        module,
        period

),

with_excess as (

    select
        signals.*,
        modules.module,
        cast(greatest(0, signals.occurrences - signals.rate_before * signals.exposure) as decimal(38, 9)) as excess,
        lead(signals.rate) over (
            partition by signals.signal_type, signals.product_category, signals.category order by signals.period_order
        ) as rate_in_next_quarter
    from signals
    left join modules
        on
            signals.signal_type = modules.signal_type
            and signals.category = modules.category

),

with_counted_excess as (

    select
        *,
        case when signal_type in ('complaint', 'surrender') then excess else 0 end as counted_excess
    from with_excess

),

of_modules as (

    select
        period,
        module,
        sum(counted_excess) as module_excess
    from with_counted_excess
    where module is not null
    group by
        period,
        module

),

ranked_modules as (

    select
        *,
        module_excess / nullif(sum(module_excess) over (partition by period), 0) as module_share,
        row_number() over (partition by period order by module_excess desc, module asc) as module_rank
    from of_modules

),

trained_since as (

    select
        ranked_modules.period,
        ranked_modules.module,
        sum(sessions.persons_trained) as persons_trained_since
    from ranked_modules
    inner join quarters on ranked_modules.period = quarters.period
    inner join sessions
        on
            ranked_modules.module = sessions.module
            and quarters.period_order < sessions.period_order
    group by
        ranked_modules.period,
        ranked_modules.module

)

select
    weak.period,
    weak.in_progress,
    weak.product_category,
    weak.signal_type,
    weak.category,
    weak.occurrences,
    weak.exposure,
    weak.rate,
    weak.rate_before,
    cast(weak.excess as double) as excess,
    weak.counted_excess
    / nullif(sum(weak.counted_excess) over (partition by weak.period), 0) as share_of_excess,
    weak.module,
    ranked_modules.module_share,
    cast(ranked_modules.module_rank as integer) as module_rank,
    coalesce(trained_since.persons_trained_since, 0) > 0 as is_trained_since,
    cast(coalesce(trained_since.persons_trained_since, 0) as bigint) as persons_trained_since,
    weak.rate_in_next_quarter,
    weak.rate_in_next_quarter - weak.rate as change_in_next_quarter,
    cast(mastery.mastered as double) / mastery.assessed as module_mastery_rate,
    cast(mastery.assessed as bigint) as module_assessed,
    coalesce(cast(mastery.mastered as double) / mastery.assessed < parameters.hand_back_below, false)
        as is_handed_back_to_product,
    weak.exposure < parameters.min_cell as is_small,
    coalesce(mastery.assessed, 0) < parameters.min_cell as is_mastery_small
from with_counted_excess as weak
cross join parameters
left join ranked_modules
    on
        weak.period = ranked_modules.period
        and weak.module = ranked_modules.module
left join trained_since
    on
        weak.period = trained_since.period
        and weak.module = trained_since.module
left join mastery
    on
        weak.period = mastery.period
        and weak.module = mastery.module
where weak.excess > 0
order by
    weak.period asc,
    ranked_modules.module_rank asc nulls last,
    weak.excess desc
