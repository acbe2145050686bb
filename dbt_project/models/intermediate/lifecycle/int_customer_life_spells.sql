{#-
  A sign of life on day s is within the last N days at the ends of the days s to s + N - 1.
-#}
with

rule as (

    select days
    from {{ ref('lifecycle_rules') }}
    where condition = 'no_sign_of_life'

),

signs as (

    select
        customer_id,
        cast(occurred_at as date) as sign_day
    from {{ ref('int_transactions') }}
    where initiated_by = 'customer'

    union distinct

    select
        customer_id,
        cast(opened_at as date) as sign_day
    from {{ ref('int_interactions') }}
    where purpose <> 'marketing'

    union distinct

    select
        policies.customer_id,
        premiums.paid_on as sign_day
    from {{ ref('int_premiums') }} as premiums
    inner join {{ ref('int_policies') }} as policies on premiums.policy_id = policies.policy_id
    where premiums.paid_on is not null

    union distinct

    select
        customer_id,
        cast(created_at as date) as sign_day
    from {{ ref('int_opportunities') }}

),

lively as (

    select
        signs.customer_id,
        signs.sign_day as from_day,
        {{ add_days('signs.sign_day', 'rule.days') }} as until_day
    from signs
    cross join rule

)

{{ merged_spells('lively', ['customer_id']) }}
