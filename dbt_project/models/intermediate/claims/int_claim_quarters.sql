{#-
  Joins a claim with the quarters from its report to its decision, or to the last quarter while undecided: it may lack
  an update at the end of each.
-#}
with

claims as (

    select
        *,
        least(reported_at, first_update_at, decided_at) as touches_from,
        case
            when decided_at is not null then greatest(first_update_due_at, first_update_at, decided_at)
        end as touches_until
    from {{ ref('int_claim_lifecycle') }}

),

parameters as (

    select * from {{ ref('int_parameters') }}

),

quarters as (

    select
        period,
        qs,
        c,
        in_progress
    from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

touched as (

    select
        claims.*,
        quarters.period,
        quarters.qs,
        quarters.c,
        quarters.in_progress,
        claims.first_update_at >= quarters.qs and claims.first_update_at < quarters.c as is_updated,
        claims.decided_at >= quarters.qs and claims.decided_at < quarters.c as is_decided,
        claims.first_update_due_at >= quarters.qs and claims.first_update_due_at < quarters.c as is_update_due,
        claims.reported_at < quarters.c and (claims.decided_at is null or claims.decided_at >= quarters.c)
            as is_undecided_at_end,
        {{ plus_days('quarters.c', '-1 * parameters.claim_silent_days') }} as silent_since
    from claims
    cross join parameters
    inner join quarters
        on
            claims.touches_from < quarters.c
            and (claims.touches_until is null or claims.touches_until >= quarters.qs)

),

-- No update: each of the three times before c is also before silent_since; a time at or after c is not known yet.
judged as (

    select
        *,
        is_undecided_at_end
        and reported_at < silent_since
        and not coalesce(first_update_at >= silent_since and first_update_at < c, false)
        and not coalesce(last_update_at >= silent_since and last_update_at < c, false) as is_silent
    from touched

)

select
    claim_id,
    period,
    qs as period_starts_at,
    in_progress,
    product_category,
    branch,
    region,
    case when is_updated then first_update_hours end as first_update_hours,
    case when is_updated then first_update_business_hours end as first_update_business_hours,
    case when is_decided then decision_hours end as decision_hours,
    case when is_decided then decision_business_hours end as decision_business_hours,
    {{ flag('is_update_due') }} as update_due,
    {{ flag('is_update_due and is_first_update_in_time') }} as update_in_time,
    {{ flag('is_undecided_at_end') }} as undecided_at_end,
    {{ flag('is_silent') }} as silent_at_end
from judged
