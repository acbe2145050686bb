{#-
  An enquiry is the first of its window of N days at the ends of those days on which it is within the last N days and the
  enquiry before it is not any more. From then on the window is hot once the enquiry that makes up the number has come, and
  until a policy in the category is issued on the first enquiry's day or later.
-#}
with

days as (

    select * from {{ ref('int_evaluated_days') }}

),

rule as (

    select
        days,
        at_least
    from {{ ref('warning_rules') }}
    where kind = 'hot_enquiry'

),

enquiries as (

    select
        customer_id,
        product_category,
        interaction_id,
        opened_at,
        cast(opened_at as date) as enquired_on
    from {{ ref('int_interactions') }}
    where
        purpose = 'enquiry'
        and product_category is not null

),

ordered as (

    select
        *,
        row_number() over (
            partition by customer_id, product_category order by opened_at, interaction_id
        ) as enquiry_number,
        lag(enquired_on) over (
            partition by customer_id, product_category order by opened_at, interaction_id
        ) as enquired_before_on
    from enquiries

),

issues as (

    select distinct
        customer_id,
        product_category,
        issued_on
    from {{ ref('int_policy_lifecycle') }}

),

windows as (

    select
        firsts.customer_id,
        firsts.product_category,
        firsts.interaction_id,
        greatest(
            enough.enquired_on,
            coalesce({{ add_days('firsts.enquired_before_on', 'rule.days') }}, enough.enquired_on)
        ) as from_day,
        least(
            {{ add_days('firsts.enquired_on', 'rule.days') }},
            coalesce(min(issues.issued_on), {{ add_days('firsts.enquired_on', 'rule.days') }}),
            days.until_day
        ) as until_day
    from ordered as firsts
    cross join rule
    cross join days
    inner join ordered as enough
        on
            firsts.customer_id = enough.customer_id
            and firsts.product_category = enough.product_category
            and firsts.enquiry_number + rule.at_least - 1 = enough.enquiry_number
    left join issues
        on
            firsts.customer_id = issues.customer_id
            and firsts.product_category = issues.product_category
            and firsts.enquired_on <= issues.issued_on
    group by
        firsts.customer_id,
        firsts.product_category,
        firsts.interaction_id,
        firsts.enquired_on,
        firsts.enquired_before_on,
        enough.enquired_on,
        rule.days,
        days.until_day

)

{{ merged_spells('windows', ['customer_id', 'product_category']) }}
