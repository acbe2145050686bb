{#-
  Customer attributes as spells of days: the last version written before the end of each day, split on birthdays that
  change the segment. The version valid at the midnight t that ends day d is the one with valid_from < t <= valid_to, so
  it holds from the day of valid_from up to the day before that of valid_to.
-#}
with

days as (

    select * from {{ ref('int_evaluated_days') }}

),

segments as (

    select * from {{ ref('segments') }}

),

ages as (

    select min_age as age
    from segments
    where min_age is not null
    union distinct
    select max_age + 1 as age
    from segments
    where max_age is not null

),

versions as (

    select
        versions.*,
        greatest(cast(versions.valid_from as date), days.first_day) as version_from_day,
        least(cast(versions.valid_to as date), days.until_day) as version_until_day
    from {{ ref('int_customer_versions') }} as versions
    cross join days

),

held_versions as (

    select * from versions
    where version_from_day < version_until_day

),

beginnings as (

    select
        customer_id,
        version_from_day,
        version_from_day as from_day
    from held_versions

    union distinct

    select
        held_versions.customer_id,
        held_versions.version_from_day,
        {{ birthday('held_versions.birth_date', 'ages.age') }} as from_day
    from held_versions
    cross join ages
    where
        {{ birthday('held_versions.birth_date', 'ages.age') }} > held_versions.version_from_day
        and {{ birthday('held_versions.birth_date', 'ages.age') }} < held_versions.version_until_day

),

spells as (

    select
        held_versions.*,
        beginnings.from_day,
        lead(beginnings.from_day, 1, held_versions.version_until_day) over (
            partition by beginnings.customer_id, beginnings.version_from_day order by beginnings.from_day
        ) as until_day,
        {{ completed_years('held_versions.birth_date', 'beginnings.from_day') }} as age
    from beginnings
    inner join held_versions
        on
            beginnings.customer_id = held_versions.customer_id
            and beginnings.version_from_day = held_versions.version_from_day

),

with_segment as (

    select
        spells.*,
        segments.segment
    from spells
    inner join segments
        on {{ meets_segment('spells', 'segments') }}
    qualify row_number() over (
        partition by spells.customer_id, spells.from_day order by segments.priority
    ) = 1

)

select
    customer_id,
    from_day,
    until_day,
    birth_date,
    gender,
    marital_status,
    children_count,
    youngest_child_birth_date,
    occupation,
    annual_income,
    aum,
    value_tier,
    service_level,
    segment,
    customer_risk_level,
    risk_assessed_on,
    branch_id,
    rm_id,
    preferred_channel,
    marketing_consent
from with_segment
