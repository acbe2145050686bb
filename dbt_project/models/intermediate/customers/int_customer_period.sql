with

periods as (

    select *
    from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

versions as (

    select * from {{ ref('int_customer_versions') }}

),

segments as (

    select * from {{ ref('segments') }}

),

valid_at_c as (

    {#- Age is that of the last day covered: like every date, a birthday on the day of c itself lies after c. -#}
    select
        periods.period_type,
        periods.period,
        versions.customer_id,
        versions.value_tier,
        versions.service_level,
        versions.occupation,
        versions.children_count,
        {{ completed_years('versions.birth_date', 'periods.covered_until') }} as age
    from periods
    inner join versions
        on
            periods.c > versions.valid_from
            and periods.c <= versions.valid_to

),

with_segment as (

    select
        valid_at_c.*,
        segments.segment
    from valid_at_c
    inner join segments
        on {{ meets_segment('valid_at_c', 'segments') }}
    qualify row_number() over (
        partition by valid_at_c.period, valid_at_c.customer_id order by segments.priority
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
