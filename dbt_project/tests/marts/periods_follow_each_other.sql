{#- Periods of a type have no gap between them, and at most the last one is in progress. -#}
with

periods as (

    select
        period,
        qs,
        qe,
        c,
        in_progress,
        lag(qe) over (partition by period_type order by qs) as end_before,
        lead(qs) over (partition by period_type order by qs) as begin_after
    from {{ ref('int_periods') }}

)

select
    period,
    qs,
    qe,
    c
from periods
where
    qs != coalesce(end_before, qs)
    or (in_progress and begin_after is not null)
    or c > qe
    or c <= qs
