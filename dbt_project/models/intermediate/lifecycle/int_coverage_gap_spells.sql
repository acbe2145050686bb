{#-
  A rule of age holds from the birthday that completes min_age to the day before the one that completes max_age + 1; a
  rule of the youngest child from its birth to the day before it completes child_under_age. Ages become dates, so only
  days with a change are evaluated.
-#}
with

days as (

    select * from {{ ref('int_evaluated_days') }}

),

rules as (

    select * from {{ ref('coverage_rules') }}

),

customers as (

    select * from {{ ref('int_customers') }}

),

attributes as (

    select * from {{ ref('int_customer_attribute_spells') }}

),

policies as (

    select * from {{ ref('int_policy_lifecycle') }}
    where in_force_from is not null

),

need_or_cover as (

    {#- greatest and least would be null for an age the rule does not set. -#}
    select
        attributes.customer_id,
        rules.rule,
        'needed' as condition,
        greatest(
            attributes.from_day,
            customers.customer_since,
            case
                when rules.min_age is null then attributes.from_day
                else {{ birthday('attributes.birth_date', 'rules.min_age') }}
            end,
            case
                when rules.child_under_age is null then attributes.from_day
                else attributes.youngest_child_birth_date
            end
        ) as from_day,
        least(
            attributes.until_day,
            case
                when rules.max_age is null then attributes.until_day
                else {{ birthday('attributes.birth_date', 'rules.max_age + 1') }}
            end,
            case
                when rules.child_under_age is null then attributes.until_day
                else {{ birthday('attributes.youngest_child_birth_date', 'rules.child_under_age') }}
            end
        ) as until_day
    from attributes
    inner join customers on attributes.customer_id = customers.customer_id
    inner join rules
        on {{ needs_cover('attributes', 'rules') }}
    where customers.customer_since is not null

    union all

    select
        policies.customer_id,
        rules.rule,
        'covered' as condition,
        greatest(policies.in_force_from, days.first_day) as from_day,
        least(policies.in_force_until, days.until_day) as until_day
    from policies
    inner join rules on '|' || rules.categories || '|' like '%|' || policies.product_category || '|%'
    cross join days

),

counted as (

    {{ counted_spells('need_or_cover', ['customer_id', 'rule'], ['needed', 'covered']) }}

),

gaps as (

    select
        customer_id,
        rule,
        from_day,
        until_day
    from counted
    where
        needed > 0
        and covered = 0

)

{{ merged_spells('gaps', ['customer_id', 'rule']) }}
