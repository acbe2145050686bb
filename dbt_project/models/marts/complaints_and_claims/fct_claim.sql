with

claims as (

    select * from {{ ref('int_claim_lifecycle') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

-- The last reported quarter ends with as_of: what holds at its end holds now.
silent as (

    select claim_quarters.claim_id
    from {{ ref('int_claim_quarters') }} as claim_quarters
    inner join {{ ref('int_periods') }} as periods on claim_quarters.period = periods.period
    cross join as_of
    where
        periods.c = as_of.as_of_end
        and claim_quarters.silent_at_end = 1

),

-- No time of a claim lies after as_of, so the latest time present is the latest update.
with_news as (

    select
        claims.*,
        as_of.as_of_end,
        claims.decided_at is null as is_undecided,
        silent.claim_id is not null as is_silent,
        greatest(
            claims.reported_at,
            coalesce(claims.first_update_at, claims.reported_at),
            coalesce(claims.last_update_at, claims.reported_at)
        ) as last_news_at
    from claims
    cross join as_of
    left join silent on claims.claim_id = silent.claim_id

)

select
    claim_id,
    product as product_id,
    product_category,
    branch as branch_id,
    region,
    status,
    reported_at,
    cast(reported_at as date) as reported_on,
    documents_completed_at,
    first_update_at,
    last_update_at,
    cast(updates_sent as integer) as updates_sent,
    decided_at,
    paid_at,
    claimed_amount,
    paid_amount,
    first_update_hours,
    first_update_business_hours,
    decision_hours,
    decision_business_hours,
    first_update_due_at,
    is_first_update_in_time as is_updated_within_72_hours,
    is_undecided,
    last_news_at,
    {{ hours_between('last_news_at', 'as_of_end') }} / 24 as days_since_last_news,
    is_silent
from with_news
