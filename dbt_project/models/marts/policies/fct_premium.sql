with

premiums as (

    select * from {{ ref('int_premiums') }}

),

policies as (

    select * from {{ ref('int_policy_lifecycle') }}

),

parameters as (

    select * from {{ ref('int_parameters') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

with_dates as (

    select
        premiums.*,
        policies.policy_id is not null as is_policy_known,
        coalesce(
            premiums.due_on >= {{ add_months('policies.effective_on', 'parameters.renewal_after_months') }}, false
        ) as is_renewal,
        cast({{ dbt.dateadd('day', 'parameters.grace_days', 'premiums.due_on') }} as date) as grace_ends_on,
        coalesce(premiums.paid_amount >= premiums.due_amount, false) as is_paid_in_full,
        as_of.as_of
    from premiums
    cross join parameters
    cross join as_of
    left join policies on premiums.policy_id = policies.policy_id

)

select
    premium_id,
    policy_id,
    is_policy_known,
    cast(instalment_no as integer) as instalment_no,
    due_on,
    due_amount,
    paid_on,
    paid_amount,
    is_renewal,
    grace_ends_on,
    case
        when paid_on is not null and not is_paid_in_full then 'paid_in_part'
        when paid_on <= grace_ends_on then 'paid'
        when paid_on is not null then 'paid_late'
        when due_on > as_of then 'not_due'
        when grace_ends_on >= as_of then 'in_grace'
        else 'unpaid'
    end as payment_state
from with_dates
