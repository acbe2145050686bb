{#-
  Customer activity up to the end of each quarter: in total, and in the four quarters ending with it. Events are summed
  by quarter first, so the four-quarter sums read few rows.
-#}
{%- set counted = ['transactions', 'transaction_amount', 'contacts', 'premium_paid', 'claims', 'complaints'] -%}

with

shown as (

    select
        customer_id,
        period,
        {{ quarter_number('starts_on') }} as quarter_number
    from {{ ref('int_customer_quarters') }}

),

transactions as (

    select
        customer_id,
        {{ quarter_number('occurred_at') }} as quarter_number,
        max(cast(occurred_at as date)) as last_transaction_on,
        count(*) as transactions,
        sum(abs(amount)) as transaction_amount
    from {{ ref('int_transactions') }}
    where initiated_by = 'customer'
    group by
        customer_id,
        {{ quarter_number('occurred_at') }}

),

contacts as (

    select
        customer_id,
        {{ quarter_number('opened_at') }} as quarter_number,
        count(*) as contacts
    from {{ ref('int_interactions') }}
    where purpose <> 'marketing'
    group by
        customer_id,
        {{ quarter_number('opened_at') }}

),

last_contacts as (

    select
        customer_id,
        {{ quarter_number('opened_at') }} as quarter_number,
        channel
    from {{ ref('int_interactions') }}
    where purpose <> 'marketing'
    qualify row_number() over (
        partition by customer_id, {{ quarter_number('opened_at') }}
        order by opened_at desc, interaction_id desc
    ) = 1

),

premiums as (

    select
        policies.customer_id,
        {{ quarter_number('premiums.paid_on') }} as quarter_number,
        sum(premiums.paid_amount) as premium_paid
    from {{ ref('int_premiums') }} as premiums
    inner join {{ ref('int_policies') }} as policies on premiums.policy_id = policies.policy_id
    where premiums.paid_on is not null
    group by
        policies.customer_id,
        {{ quarter_number('premiums.paid_on') }}

),

claims as (

    select
        policies.customer_id,
        {{ quarter_number('claims.reported_at') }} as quarter_number,
        count(*) as claims
    from {{ ref('int_claims') }} as claims
    inner join {{ ref('int_policies') }} as policies on claims.policy_id = policies.policy_id
    group by
        policies.customer_id,
        {{ quarter_number('claims.reported_at') }}

),

complaints as (

    select
        customer_id,
        {{ quarter_number('received_at') }} as quarter_number,
        count(*) as complaints
    from {{ ref('int_complaints') }}
    group by
        customer_id,
        {{ quarter_number('received_at') }}

),

by_quarter as (

    {#- Adds every reported quarter, so each customer has a row even without events. -#}
    {%- set none_counted = {
        'transactions': '0', 'transaction_amount': '0', 'contacts': '0', 'premium_paid': '0', 'claims': '0',
        'complaints': '0', 'last_transaction_on': 'cast(null as date)', 'last_channel': 'cast(null as ' ~ dbt.type_string() ~ ')'
    } -%}
    {%- set parts = {
        'shown': {}, 'transactions': {
            'transactions': 'transactions', 'transaction_amount': 'transaction_amount',
            'last_transaction_on': 'last_transaction_on'
        },
        'contacts': {'contacts': 'contacts'}, 'last_contacts': {'last_channel': 'channel'},
        'premiums': {'premium_paid': 'premium_paid'}, 'claims': {'claims': 'claims'},
        'complaints': {'complaints': 'complaints'}
    } %}
    select
        customer_id,
        quarter_number,
        {%- for name in none_counted %}
        {% if name in counted %}sum{% else %}max{% endif %}({{ name }}) as {{ name }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from (
        {%- for part, given in parts.items() %}
        select
            customer_id,
            quarter_number,
            {%- for name, nothing in none_counted.items() %}
            {{ given.get(name, nothing) }} as {{ name }}
            {%- if not loop.last %},{% endif %}
            {%- endfor %}
        from {{ part }}
        {% if not loop.last -%}
        union all
        {%- endif %}
        {%- endfor %}
    ) as parts
    group by
        customer_id,
        quarter_number

),

running as (

    select
        customer_id,
        quarter_number,
        {%- for name in counted %}
        sum({{ name }}) over (
            partition by customer_id order by quarter_number range between 3 preceding and current row
        ) as {{ name }}_in_four_quarters,
        sum({{ name }}) over (
            partition by customer_id order by quarter_number rows between unbounded preceding and current row
        ) as {{ name }}_in_all,
        {%- endfor %}
        max(last_transaction_on) over (
            partition by customer_id order by quarter_number rows between unbounded preceding and current row
        ) as last_transaction_on,
        last_value(last_channel ignore nulls) over (
            partition by customer_id order by quarter_number rows between unbounded preceding and current row
        ) as last_contact_channel
    from by_quarter

)

select
    shown.period,
    running.customer_id,
    {%- for name in counted %}
    running.{{ name }}_in_four_quarters,
    running.{{ name }}_in_all,
    {%- endfor %}
    running.last_transaction_on,
    running.last_contact_channel
from running
inner join shown
    on
        running.customer_id = shown.customer_id
        and running.quarter_number = shown.quarter_number
