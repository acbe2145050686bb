{#- The last reported quarter ends with as_of: its rows are the customers as they are now. -#}
{%- set bands = {
    'age_band': ['age', 'described.age'],
    'income_band': ['annual_income', 'described.annual_income'],
    'aum_band': ['aum', 'described.aum'],
    'recency_score': ['recency_days', 'described.recency_days'],
    'frequency_score': ['transactions', 'described.transactions_in_four_quarters'],
    'monetary_score': ['transaction_amount', 'described.transaction_amount_in_four_quarters'],
} -%}
{%- set categories = product_categories() -%}
{%- set warning_kinds = ['hot_enquiry', 'dormant_card', 'churn', 'gap_high_value'] -%}

with

customer_quarters as (

    select * from {{ ref('int_customer_quarters') }}

),

customers as (

    select * from {{ ref('int_customers') }}

),

branches as (

    select * from {{ ref('int_branches') }}

),

staff as (

    select * from {{ ref('int_staff') }}

),

parameters as (

    select * from {{ ref('int_parameters') }}

),

last_quarter as (

    select max(period) as period
    from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

bands as (

    select
        attribute,
        band,
        from_value,
        lead(from_value) over (partition by attribute order by from_value) as below_value
    from {{ ref('profile_bands') }}

),

described as (

    select
        customer_quarters.*,
        customers.customer_key,
        customers.customer_since,
        coalesce(branches.branch_id, {{ unknown_member() }}) as known_branch_id,
        coalesce(branches.region, {{ unknown_member() }}) as region,
        coalesce(staff.staff_id, {{ unknown_member() }}) as known_rm_id,
        customer_quarters.period = last_quarter.period as is_latest,
        {{ days_between('customer_quarters.risk_assessed_on', 'customer_quarters.covered_until') }}
            as risk_level_age_days,
        {{ days_between('activity.last_transaction_on', 'customer_quarters.covered_until') }} as recency_days,
        activity.last_contact_channel,
        activity.transactions_in_four_quarters,
        activity.transaction_amount_in_four_quarters,
        activity.contacts_in_four_quarters,
        activity.premium_paid_in_four_quarters,
        activity.premium_paid_in_all,
        activity.claims_in_four_quarters,
        activity.claims_in_all,
        activity.complaints_in_four_quarters,
        activity.complaints_in_all,
        parameters.risk_assessment_valid_days,
        parameters.minor_below_age
    from customer_quarters
    inner join customers on customer_quarters.customer_id = customers.customer_id
    inner join {{ ref('int_customer_activity_quarters') }} as activity
        on
            customer_quarters.period = activity.period
            and customer_quarters.customer_id = activity.customer_id
    cross join parameters
    cross join last_quarter
    left join branches on customer_quarters.branch_id = branches.branch_id
    left join staff on customer_quarters.rm_id = staff.staff_id

)

select
    described.customer_key,
    described.period,
    described.is_latest,
    described.in_progress,
    described.stage,
    described.stage_since,
    described.value_tier,
    described.service_level,
    described.segment,
    coalesce(age_band_of.band, {{ unknown_member() }}) as age_band,
    coalesce(described.gender, {{ unknown_member() }}) as gender,
    coalesce(described.occupation, {{ unknown_member() }}) as occupation,
    coalesce(income_band_of.band, {{ unknown_member() }}) as income_band,
    coalesce(aum_band_of.band, {{ unknown_member() }}) as aum_band,
    coalesce(described.marital_status, {{ unknown_member() }}) as marital_status,
    cast(described.children_count as integer) as children_count,
    coalesce(
        described.youngest_child_birth_date <= described.covered_until
        and described.covered_until
        < {{ birthday('described.youngest_child_birth_date', 'described.minor_below_age') }},
        false
    ) as has_minor_child,
    coalesce(described.customer_risk_level, {{ unknown_member() }}) as customer_risk_level,
    cast(described.risk_level_age_days as integer) as risk_level_age_days,
    coalesce(described.risk_level_age_days <= described.risk_assessment_valid_days, false) as is_risk_level_current,
    described.known_branch_id as branch_id,
    described.region,
    described.known_rm_id as rm_id,
    cast(extract(year from described.customer_since) as integer) as customer_since_year,
    described.preferred_channel,
    described.last_contact_channel,
    coalesce(described.marketing_consent, false) as marketing_consent,
    cast(coalesce(holdings.policies_in_force, 0) as integer) as policies_in_force,
    cast(coalesce(holdings.product_categories_in_force, 0) as integer) as product_categories_in_force,
    {%- for category in categories %}
    cast(coalesce(holdings.{{ category }}_in_force, 0) as integer) as {{ category }}_in_force,
    {%- endfor %}
    cast(coalesce(holdings.annual_premium_in_force, 0) as decimal(38, 2)) as annual_premium_in_force,
    described.premium_paid_in_four_quarters,
    described.premium_paid_in_all,
    cast(described.claims_in_four_quarters as integer) as claims_in_four_quarters,
    cast(described.claims_in_all as integer) as claims_in_all,
    cast(described.complaints_in_four_quarters as integer) as complaints_in_four_quarters,
    cast(described.complaints_in_all as integer) as complaints_in_all,
    cast(coalesce(matters.open_complaints, 0) as integer) as open_complaints,
    cast(described.contacts_in_four_quarters as integer) as contacts_in_four_quarters,
    cast(described.recency_days as integer) as recency_days,
    cast(described.transactions_in_four_quarters as integer) as transactions_in_four_quarters,
    cast(coalesce(recency_score_of.band, '1') as integer) as recency_score,
    cast(coalesce(frequency_score_of.band, '1') as integer) as frequency_score,
    cast(coalesce(monetary_score_of.band, '1') as integer) as monetary_score,
    cast(coalesce(matters.open_needs, 0) as integer) as open_needs,
    cast(coalesce(matters.open_gaps, 0) as integer) as open_gaps,
    matters.gaps,
    cast(coalesce(matters.actionable_gaps, 0) as integer) as actionable_gaps,
    matters.recommended_for,
    matters.recommended_product_category,
    matters.recommended_product_id,
    {%- for kind in warning_kinds %}
    coalesce(matters.is_warned_of_{{ kind }}, false) as is_warned_of_{{ kind }},
    {%- endfor %}
    cast(coalesce(matters.open_warnings, 0) as integer) as open_warnings
from described
left join {{ ref('int_customer_holding_quarters') }} as holdings
    on
        described.period = holdings.period
        and described.customer_id = holdings.customer_id
left join {{ ref('int_customer_matter_quarters') }} as matters
    on
        described.period = matters.period
        and described.customer_id = matters.customer_id
{%- for band, (attribute, value) in bands.items() %}
left join bands as {{ band }}_of
    on
        {{ band }}_of.attribute = '{{ attribute }}'
        and {{ value }} >= {{ band }}_of.from_value
        and ({{ band }}_of.below_value is null or {{ value }} < {{ band }}_of.below_value)
{%- endfor %}
