{#-
  Complaints with their denominators. By product category, branch and region, complaints are divided by the policies of
  the same group, and groups without complaints are included; complaint categories and channels have no policies, so
  they use the whole book.
-#}
with

received as (
{{ rows_by_group(
    ref('int_complaint_quarters'),
    ['category', 'channel', 'product_category', 'branch', 'region'],
    ['sum(received) as complaints']
) }}
),

exposed as (
{{ rows_by_group(
    ref('int_policy_exposure'),
    ['product_category', 'branch', 'region'],
    [
        'sum(policies_exposed) as policies',
        'count(distinct customer_exposed) as customers',
        'sum(premium_paid) as premium',
        'sum(premium_payments) as premium_payments'
    ]
) }}
),

of_the_whole_book as (

    select
        received.period,
        received.group_by,
        received.group_value,
        received.complaints,
        exposed.policies,
        exposed.customers,
        exposed.premium,
        exposed.premium_payments
    from received
    left join exposed
        on
            received.period = exposed.period
            and exposed.group_by = 'all'
    where
        received.group_by in ('category', 'channel')
        and received.complaints >= 1

),

of_the_group as (

    select
        coalesce(received.period, exposed.period) as period,
        coalesce(received.group_by, exposed.group_by) as group_by,
        coalesce(received.group_value, exposed.group_value) as group_value,
        received.complaints,
        exposed.policies,
        exposed.customers,
        exposed.premium,
        exposed.premium_payments
    from (select * from received where group_by not in ('category', 'channel')) as received
    full outer join exposed
        on
            received.period = exposed.period
            and received.group_by = exposed.group_by
            and received.group_value = exposed.group_value

),

divided as (

    select * from of_the_whole_book
    union all
    select * from of_the_group

)

select
    divided.period,
    quarters.qs as period_starts_at,
    quarters.in_progress,
    divided.group_by,
    divided.group_value,
    coalesce(divided.complaints, 0) as complaints,
    coalesce(divided.policies, 0) as policies,
    coalesce(divided.customers, 0) as customers,
    coalesce(divided.premium, 0) as premium,
    coalesce(divided.premium_payments, 0) as premium_payments
from divided
inner join {{ ref('int_periods') }} as quarters
    on
        divided.period = quarters.period
        and quarters.period_type = 'quarter'
