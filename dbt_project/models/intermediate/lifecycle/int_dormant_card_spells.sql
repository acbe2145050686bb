{#- A card is dormant from N days after a transaction up to the day before the next one. -#}
with

days as (

    select * from {{ ref('int_evaluated_days') }}

),

rule as (

    select days
    from {{ ref('warning_rules') }}
    where kind = 'dormant_card'

),

used as (

    select distinct
        customer_id,
        cast(occurred_at as date) as used_on
    from {{ ref('int_transactions') }}
    where
        account_type = 'card'
        and initiated_by = 'customer'

),

with_next as (

    select
        used.customer_id,
        {{ add_days('used.used_on', 'rule.days') }} as from_day,
        coalesce(lead(used.used_on) over (partition by used.customer_id order by used.used_on), days.until_day)
            as until_day
    from used
    cross join rule
    cross join days

)

select
    customer_id,
    from_day,
    until_day
from with_next
where from_day < until_day
