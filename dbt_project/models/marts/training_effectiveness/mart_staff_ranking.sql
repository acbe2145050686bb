{#-
  A person with too few metrics is listed without a composite, so nobody can rank them. The lowest and
  highest quarter of a role are those whose place among its ranked persons, ties at their mean, is in the first or last
  fourth.
-#}
with

metrics as (

    select * from {{ ref('int_staff_quarter_metrics') }}

),

ranks as (

    select * from {{ ref('int_staff_quarter_ranks') }}

),

parameters as (

    select * from {{ ref('int_parameters') }}

),

persons as (

    select
        metrics.staff_id,
        metrics.role,
        metrics.branch,
        metrics.period,
        metrics.period_order,
        count(ranks.percentile_rank) as metrics_counted,
        avg({{ fixed_point('ranks.percentile_rank') }}) as mean_percentile_rank
    from metrics
    left join ranks
        on
            metrics.staff_id = ranks.staff_id
            and metrics.period = ranks.period
            and metrics.metric = ranks.metric
    group by
        metrics.staff_id,
        metrics.role,
        metrics.branch,
        metrics.period,
        metrics.period_order

),

judged as (

    select
        persons.*,
        parameters.watch_list_share,
        persons.metrics_counted >= parameters.ranking_least_metrics as is_ranked,
        case
            when persons.metrics_counted >= parameters.ranking_least_metrics
                then round(persons.mean_percentile_rank, 12)
        end as composite
    from persons
    cross join parameters

),

placed as (

    select
        *,
        sum({{ flag('is_ranked') }}) over (partition by role, period) as persons_ranked,
        rank() over (partition by role, period, is_ranked order by composite)
        + (count(*) over (partition by role, period, is_ranked, composite) - 1) / 2.0 as place
    from judged

),

with_standing as (

    select
        *,
        case
            when not is_ranked then 'not_ranked'
            when place - 0.5 < persons_ranked * watch_list_share then 'lowest_quarter'
            when place - 0.5 > persons_ranked - persons_ranked * watch_list_share then 'highest_quarter'
            else 'middle'
        end as standing
    from placed

),

with_quarter_before as (

    select
        with_standing.*,
        quarter_before.standing as standing_before
    from with_standing
    left join with_standing as quarter_before
        on
            with_standing.staff_id = quarter_before.staff_id
            and with_standing.period_order = quarter_before.period_order + 1

)

select
    staff_id,
    branch as branch_id,
    role,
    period,
    metrics_counted,
    is_ranked,
    cast(composite as double) as composite,
    cast(persons_ranked as bigint) as persons_ranked,
    standing,
    standing_before,
    case
        when standing = 'lowest_quarter' and standing_before = 'lowest_quarter' then 'coaching'
        when standing = 'highest_quarter' and standing_before = 'highest_quarter' then 'talent_pool'
    end as listed_for
from with_quarter_before
