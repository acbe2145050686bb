{#-
  The work lists of relationship managers: one row per customer and reason, with the touchpoint for the customer's
  stage. A customer without marketing consent is on no list whose touchpoint is marketing.
-#}
with

touchpoints as (

    select * from {{ ref('touchpoints') }}

),

winback_stages as (

    select stage
    from touchpoints
    where list = 'winback'

),

customers as (

    select * from {{ ref('mart_customer_profile') }}
    where is_latest

),

listed as (

    select
        'warnings' as list,
        customer_key,
        kind as reason,
        product_category,
        opened_on as since_day,
        cast(null as timestamp) as limit_at,
        cast(null as {{ dbt.type_string() }}) as opportunity_id,
        cast(null as {{ dbt.type_string() }}) as responsible_id
    from {{ ref('fct_warning') }}
    where is_open

    union all

    select
        'gaps' as list,
        customer_key,
        rule as reason,
        recommended_product_category as product_category,
        opened_on as since_day,
        cast(null as timestamp) as limit_at,
        cast(null as {{ dbt.type_string() }}) as opportunity_id,
        cast(null as {{ dbt.type_string() }}) as responsible_id
    from {{ ref('mart_coverage_gaps') }}
    where is_open and is_actionable

    union all

    select
        'winback' as list,
        customer_key,
        stage as reason,
        cast(null as {{ dbt.type_string() }}) as product_category,
        stage_since as since_day,
        cast(null as timestamp) as limit_at,
        cast(null as {{ dbt.type_string() }}) as opportunity_id,
        cast(null as {{ dbt.type_string() }}) as responsible_id
    from customers
    where customers.stage in (select winback_stages.stage from winback_stages)

    union all

    select
        'reminders' as list,
        customer_key,
        step as reason,
        product_category,
        cast(previous_done_at as date) as since_day,
        limit_at,
        opportunity_id,
        staff_id as responsible_id
    from {{ ref('mart_followup_reminders') }}

),

with_touchpoint as (

    select
        listed.*,
        customers.branch_id,
        customers.rm_id,
        customers.stage,
        customers.value_tier,
        customers.service_level,
        customers.preferred_channel,
        coalesce(customers.marketing_consent, false) as marketing_consent,
        touchpoints.touchpoint,
        touchpoints.label_zh as touchpoint_label_zh,
        touchpoints.label_en as touchpoint_label_en,
        touchpoints.is_marketing
    from listed
    left join customers on listed.customer_key = customers.customer_key
    inner join touchpoints
        on
            listed.list = touchpoints.list
            and (touchpoints.stage is null or customers.stage = touchpoints.stage)

)

select
    list,
    coalesce(responsible_id, rm_id, {{ unknown_member() }}) as rm_id,
    coalesce(branch_id, {{ unknown_member() }}) as branch_id,
    customer_key,
    reason,
    product_category,
    since_day,
    limit_at,
    opportunity_id,
    stage,
    value_tier,
    service_level,
    preferred_channel,
    touchpoint,
    touchpoint_label_zh,
    touchpoint_label_en,
    is_marketing
from with_touchpoint
where
    not is_marketing
    or marketing_consent
