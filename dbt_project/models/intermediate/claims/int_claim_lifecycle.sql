with

parameters as (

    select * from {{ ref('int_parameters') }}

),

policies as (

    select * from {{ ref('int_policy_lifecycle') }}

),

business_days as (

    select * from {{ ref('int_business_days') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

with_limit as (

    select
        claims.*,
        {{ plus_hours('claims.reported_at', 'parameters.claim_first_update_hours') }} as first_update_due_at
    from {{ ref('int_claims') }} as claims
    cross join parameters

)

select
    claims.claim_id,
    coalesce(policies.product, {{ unknown_member() }}) as product,
    coalesce(policies.product_category, {{ unknown_member() }}) as product_category,
    coalesce(policies.branch, {{ unknown_member() }}) as branch,
    coalesce(policies.region, {{ unknown_member() }}) as region,
    claims.status,
    claims.reported_at,
    claims.documents_completed_at,
    claims.first_update_at,
    claims.last_update_at,
    claims.updates_sent,
    claims.decided_at,
    claims.paid_at,
    claims.claimed_amount,
    claims.paid_amount,
    claims.first_update_due_at,
    {{ is_within('claims.first_update_at', 'claims.first_update_due_at', 'as_of.as_of_end') }}
        as is_first_update_in_time,
    {{ hours_between('claims.reported_at', 'claims.first_update_at') }} as first_update_hours,
    {{ business_hours_between('claims.reported_at', 'claims.first_update_at', 'reported_day', 'updated_day') }}
        as first_update_business_hours,
    {{ hours_between('claims.documents_completed_at', 'claims.decided_at') }} as decision_hours,
    {{ business_hours_between('claims.documents_completed_at', 'claims.decided_at', 'completed_day', 'decided_day') }}
        as decision_business_hours
from with_limit as claims
cross join as_of
left join policies on claims.policy_id = policies.policy_id
left join business_days as reported_day on cast(claims.reported_at as date) = reported_day.calendar_date
left join business_days as updated_day on cast(claims.first_update_at as date) = updated_day.calendar_date
left join business_days as completed_day on cast(claims.documents_completed_at as date) = completed_day.calendar_date
left join business_days as decided_day on cast(claims.decided_at as date) = decided_day.calendar_date
