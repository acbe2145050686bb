with

periods as (

    select *
    from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

versions as (

    select * from {{ ref('int_customer_versions') }}

),

value_tiers as (

    select * from {{ ref('value_tiers') }}

),

segments as (

    select * from {{ ref('segments') }}

),

valid_versions as (

    select
        periods.period_type,
        periods.period,
        versions.customer_id,
        versions.aum,
        versions.annual_income,
        versions.occupation,
        versions.children_count,
        {{ completed_years('versions.birth_date', 'periods.covered_until') }} as age
    from periods
    inner join versions
        on
            versions.valid_from < periods.c
            and versions.valid_to >= periods.c

),

with_tier as (

    select
        valid_versions.*,
        value_tiers.value_tier,
        value_tiers.service_level
    from valid_versions
    inner join value_tiers
        on {{ meets_value_tier('valid_versions', 'value_tiers') }}
    qualify row_number() over (
        partition by valid_versions.period, valid_versions.customer_id order by value_tiers.priority
    ) = 1

),

with_segment as (

    select
        with_tier.*,
        segments.segment
    from with_tier
    inner join segments
        on {{ meets_segment('with_tier', 'segments') }}
    qualify row_number() over (
        partition by with_tier.period, with_tier.customer_id order by segments.priority
    ) = 1

)

select
    customer_id,
    period_type,
    period,
    value_tier,
    service_level,
    segment
from with_segment
