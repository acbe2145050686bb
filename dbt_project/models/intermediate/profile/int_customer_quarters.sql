{#- Customers with customer_since before the end of the quarter, as they are at that end. -#}
with

quarters as (

    select * from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

standing as (

    select * from {{ ref('int_customer_stage_spells') }}

),

attributes as (

    select * from {{ ref('int_customer_attribute_spells') }}

)

select
    quarters.period,
    quarters.starts_on,
    quarters.covered_until,
    quarters.c,
    quarters.in_progress,
    standing.stage,
    standing.from_day as stage_since,
    attributes.customer_id,
    attributes.birth_date,
    attributes.gender,
    attributes.marital_status,
    attributes.children_count,
    attributes.youngest_child_birth_date,
    attributes.occupation,
    attributes.annual_income,
    attributes.aum,
    attributes.value_tier,
    attributes.service_level,
    attributes.segment,
    attributes.customer_risk_level,
    attributes.risk_assessed_on,
    attributes.branch_id,
    attributes.rm_id,
    attributes.preferred_channel,
    attributes.marketing_consent,
    {{ completed_years('attributes.birth_date', 'quarters.covered_until') }} as age
from quarters
inner join standing
    on
        quarters.covered_until >= standing.from_day
        and quarters.covered_until < standing.until_day
inner join attributes
    on
        standing.customer_id = attributes.customer_id
        and quarters.covered_until >= attributes.from_day
        and quarters.covered_until < attributes.until_day
