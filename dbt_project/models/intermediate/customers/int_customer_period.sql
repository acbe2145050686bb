with

periods as (

    select *
    from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

attributes as (

    select * from {{ ref('int_customer_attribute_spells') }}

)

select
    attributes.customer_id,
    periods.period_type,
    periods.period,
    attributes.value_tier,
    attributes.service_level,
    attributes.segment
from periods
inner join attributes
    on
        periods.covered_until >= attributes.from_day
        and periods.covered_until < attributes.until_day
