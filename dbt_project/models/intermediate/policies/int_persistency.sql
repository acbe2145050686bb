{#-
  One row per regular-premium policy and test month m. The test date is the due date of the first instalment after m − 1
  months of cover, searched over one payment interval; without one, it is the first day of the search and the policy is
  not kept. Instalments are joined once, by policy, with all of its tests.
-#}
with

policies as (

    select * from {{ ref('int_policy_lifecycle') }}

),

premiums as (

    select * from {{ ref('int_premiums') }}

),

payment_modes as (

    select * from {{ ref('payment_modes') }}

),

parameters as (

    select * from {{ ref('int_parameters') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

test_months as (

    select * from {{ ref('persistency_tests') }}

),

tests as (

    select
        policies.policy_id,
        policies.status,
        policies.ended_on,
        test_months.test_month,
        payment_modes.interval_months,
        {{ add_months('policies.effective_on', 'test_months.test_month - 1') }} as searched_from
    from policies
    inner join payment_modes
        on
            policies.payment_mode = payment_modes.payment_mode
            and payment_modes.interval_months is not null
    inner join test_months on policies.payment_term_years * 12 >= test_months.test_month
    where policies.status <> 'free_look_cancelled'

),

tested_instalments as (

    select
        tests.policy_id,
        tests.test_month,
        premiums.due_on,
        premiums.due_amount,
        premiums.paid_on,
        premiums.paid_amount
    from premiums
    inner join tests
        on
            premiums.policy_id = tests.policy_id
            and premiums.due_on >= tests.searched_from
            and premiums.due_on < {{ add_months('tests.searched_from', 'tests.interval_months') }}
    qualify row_number() over (
        partition by tests.policy_id, tests.test_month
        order by premiums.due_on, premiums.instalment_no, premiums.premium_id
    ) = 1

),

with_outcome as (

    select
        tests.policy_id,
        tests.test_month,
        tests.status,
        tests.ended_on,
        coalesce(instalments.due_on, tests.searched_from) as tested_on,
        instalments.due_on is not null as has_instalment,
        coalesce(instalments.paid_amount >= instalments.due_amount, false) as is_paid_in_full,
        instalments.paid_on
    from tests
    left join tested_instalments as instalments
        on
            tests.policy_id = instalments.policy_id
            and tests.test_month = instalments.test_month

),

with_grace as (

    select
        with_outcome.*,
        cast({{ dbt.dateadd('day', 'parameters.grace_days', 'with_outcome.tested_on') }} as date) as grace_ends_on
    from with_outcome
    cross join parameters

)

select
    with_grace.policy_id,
    with_grace.test_month,
    with_grace.tested_on,
    with_grace.has_instalment,
    coalesce(with_grace.is_paid_in_full and with_grace.paid_on <= with_grace.grace_ends_on, false) as is_kept,
    coalesce(with_grace.grace_ends_on > as_of.as_of, true) as is_immature
from with_grace
cross join as_of
where
    with_grace.status not in ('matured', 'terminated')
    or with_grace.ended_on > with_grace.tested_on
