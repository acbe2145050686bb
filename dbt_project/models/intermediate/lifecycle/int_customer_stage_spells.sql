{#-
  The stage of every customer at the end of every day, as spells. Each condition of lifecycle_rules is turned into the
  days at whose end t (midnights) it holds; then time is cut wherever one of them changes:

      issued in [t - N d, t)           from the day of issue to N - 1 days later
      issued before t - N d            from N days after the day of issue on
      due on t - N d or before         from N - 1 days after the due day on
      received before t - N d          from N days after the day of receipt on, whatever its hour
      not paid, not resolved before t  up to the day before it happened

  A policy counts from its effective_on.
-#}
{%- set conditions = [
    'customers', 'policies', 'categories_in_force', 'instalments_overdue', 'complaints_open', 'lively',
    'past_free_look', 'past_first_year', 'bought_lately', 'covered_again'
] -%}

with

days as (

    select * from {{ ref('int_evaluated_days') }}

),

rules as (

    select
        max(case when stage = 'at_risk' and condition = 'instalment_overdue' then days end) as overdue_days,
        max(case when stage = 'at_risk' and condition = 'complaint_open' then days end) as complaint_days,
        max(case when stage = 'free_look' then days end) as free_look_days,
        max(case when stage = 'won_back' then days end) as won_back_days,
        max(case when stage = 'won_back' then at_least end) as days_without_cover,
        max(case when stage = 'new' then days end) as new_days,
        max(case when stage = 'growing' and condition = 'product_categories_in_force' then at_least end)
            as growing_categories,
        max(case when stage = 'growing' and condition = 'policy_issued_within' then days end) as growing_days,
        max(case when stage = 'prospect' then priority end) as prospect_priority,
        max(case when stage = 'lapsed' then priority end) as lapsed_priority,
        max(case when stage = 'at_risk' then priority end) as at_risk_priority,
        max(case when stage = 'free_look' then priority end) as free_look_priority,
        max(case when stage = 'won_back' then priority end) as won_back_priority,
        max(case when stage = 'new' then priority end) as new_priority,
        max(case when stage = 'growing' then priority end) as growing_priority,
        max(case when stage = 'mature' then priority end) as mature_priority
    from {{ ref('lifecycle_rules') }}

),

stages as (

    select distinct
        stage,
        priority
    from {{ ref('lifecycle_rules') }}

),

customers as (

    select * from {{ ref('int_customers') }}

),

policies as (

    select * from {{ ref('int_policy_lifecycle') }}
    where effective_on is not null

),

cover as (

    select
        customer_id,
        product_category,
        in_force_from as from_day,
        in_force_until as until_day
    from policies
    where in_force_from is not null

),

cover_by_category as (

    {{ merged_spells('cover', ['customer_id', 'product_category']) }}

),

cover_by_customer as (

    {{ merged_spells('cover', ['customer_id']) }}

),

after_a_gap as (

    select
        customer_id,
        from_day,
        lag(until_day) over (partition by customer_id order by from_day) as uncovered_from
    from cover_by_customer

),

first_policies as (

    select
        policies.customer_id,
        min(policies.effective_on) as counts_from,
        min(greatest(policies.effective_on, {{ add_days('policies.issued_on', 'rules.free_look_days') }}))
            as past_free_look_from,
        min(greatest(policies.effective_on, {{ add_days('policies.issued_on', 'rules.new_days') }}))
            as past_first_year_from
    from policies
    cross join rules
    group by policies.customer_id

),

holding as (

    select
        customers.customer_id,
        'customers' as condition,
        customers.customer_since as from_day,
        days.until_day
    from customers
    cross join days
    where customers.customer_since is not null

    union all

    select
        first_policies.customer_id,
        'policies' as condition,
        first_policies.counts_from as from_day,
        days.until_day
    from first_policies
    cross join days

    union all

    select
        customer_id,
        'categories_in_force' as condition,
        from_day,
        until_day
    from cover_by_category

    union all

    select
        policies.customer_id,
        'instalments_overdue' as condition,
        greatest(policies.in_force_from, {{ add_days('premiums.due_on', 'rules.overdue_days - 1') }}) as from_day,
        least(policies.in_force_until, coalesce(premiums.paid_on, policies.in_force_until)) as until_day
    from {{ ref('int_premiums') }} as premiums
    inner join policies on premiums.policy_id = policies.policy_id
    cross join rules
    where policies.in_force_from is not null

    union all

    select
        complaints.customer_id,
        'complaints_open' as condition,
        {{ add_days('cast(complaints.received_at as date)', 'rules.complaint_days') }} as from_day,
        coalesce(cast(complaints.resolved_at as date), days.until_day) as until_day
    from {{ ref('int_complaints') }} as complaints
    cross join rules
    cross join days

    union all

    select
        customer_id,
        'lively' as condition,
        from_day,
        until_day
    from {{ ref('int_customer_life_spells') }}

    union all

    select
        first_policies.customer_id,
        'past_free_look' as condition,
        first_policies.past_free_look_from as from_day,
        days.until_day
    from first_policies
    cross join days

    union all

    -- Cover that began before the issue date: not issued yet means not issued within the last days.
    select
        customer_id,
        'past_free_look' as condition,
        effective_on as from_day,
        issued_on as until_day
    from policies
    where effective_on < issued_on

    union all

    select
        first_policies.customer_id,
        'past_first_year' as condition,
        first_policies.past_first_year_from as from_day,
        days.until_day
    from first_policies
    cross join days

    union all

    select
        policies.customer_id,
        'bought_lately' as condition,
        greatest(policies.effective_on, policies.issued_on) as from_day,
        {{ add_days('policies.issued_on', 'rules.growing_days') }} as until_day
    from policies
    cross join rules

    union all

    select
        after_a_gap.customer_id,
        'covered_again' as condition,
        after_a_gap.from_day,
        {{ add_days('after_a_gap.from_day', 'rules.won_back_days') }} as until_day
    from after_a_gap
    cross join rules
    where after_a_gap.from_day >= {{ add_days('after_a_gap.uncovered_from', 'rules.days_without_cover') }}

),

within_evaluated_days as (

    select
        holding.customer_id,
        holding.condition,
        greatest(holding.from_day, days.first_day) as from_day,
        least(holding.until_day, days.until_day) as until_day
    from holding
    cross join days

),

counted as (

    {{ counted_spells('within_evaluated_days', ['customer_id'], conditions) }}

),

with_priority as (

    select
        counted.customer_id,
        counted.from_day,
        counted.until_day,
        least(
            case when counted.policies = 0 then rules.prospect_priority end,
            case when counted.categories_in_force = 0 then rules.lapsed_priority end,
            case
                when counted.instalments_overdue > 0 or counted.complaints_open > 0 or counted.lively = 0
                    then rules.at_risk_priority
            end,
            case when counted.past_free_look = 0 then rules.free_look_priority end,
            case when counted.covered_again > 0 then rules.won_back_priority end,
            case when counted.past_first_year = 0 then rules.new_priority end,
            case
                when counted.categories_in_force >= rules.growing_categories or counted.bought_lately > 0
                    then rules.growing_priority
            end,
            rules.mature_priority
        ) as priority
    from counted
    cross join rules
    where counted.customers > 0

),

with_stage as (

    select
        with_priority.customer_id,
        stages.stage,
        with_priority.from_day,
        with_priority.until_day
    from with_priority
    inner join stages on with_priority.priority = stages.priority

)

{{ merged_spells('with_stage', ['customer_id', 'stage']) }}
