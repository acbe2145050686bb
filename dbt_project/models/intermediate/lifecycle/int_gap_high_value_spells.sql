with

rule as (

    select
        at_least,
        value_tiers
    from {{ ref('warning_rules') }}
    where kind = 'gap_high_value'

),

holding as (

    select
        attributes.customer_id,
        'high_value' as condition,
        attributes.from_day,
        attributes.until_day
    from {{ ref('int_customer_attribute_spells') }} as attributes
    inner join rule on '|' || rule.value_tiers || '|' like '%|' || attributes.value_tier || '|%'

    union all

    select
        customer_id,
        'gaps' as condition,
        from_day,
        until_day
    from {{ ref('int_coverage_gap_spells') }}

),

counted as (

    {{ counted_spells('holding', ['customer_id'], ['high_value', 'gaps']) }}

),

warned as (

    select
        counted.customer_id,
        counted.from_day,
        counted.until_day
    from counted
    inner join rule on counted.gaps >= rule.at_least
    where counted.high_value > 0

)

{{ merged_spells('warned', ['customer_id']) }}
