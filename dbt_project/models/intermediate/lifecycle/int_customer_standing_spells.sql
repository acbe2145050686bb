{#- Every day of a customer relationship lies in exactly one spell of stage, tier, service level and segment. -#}
with

stages as (

    select * from {{ ref('int_customer_stage_spells') }}

),

attributes as (

    select * from {{ ref('int_customer_attribute_spells') }}

),

overlapping as (

    select
        stages.customer_id,
        stages.stage,
        attributes.value_tier,
        attributes.service_level,
        attributes.segment,
        greatest(stages.from_day, attributes.from_day) as from_day,
        least(stages.until_day, attributes.until_day) as until_day
    from stages
    inner join attributes
        on
            stages.customer_id = attributes.customer_id
            and stages.from_day < attributes.until_day
            and stages.until_day > attributes.from_day

)

{{ merged_spells('overlapping', ['customer_id', 'stage', 'value_tier', 'service_level', 'segment']) }}
