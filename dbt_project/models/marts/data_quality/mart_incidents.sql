{#- An open incident lasts until its record was copied into the warehouse, before publishing. -#}
with

incidents as (

    select * from {{ ref('stg_quality__incidents') }}

),

labels as (

    select * from {{ ref('labels') }}

)

select
    incidents.incident_id,
    incidents.kind,
    kinds.label_zh as kind_label_zh,
    kinds.label_en as kind_label_en,
    incidents.severity,
    incidents.system,
    incidents.owner,
    incidents.place,
    incidents.title_zh,
    incidents.title_en,
    incidents.remedy_zh,
    incidents.remedy_en,
    incidents.failed_rows,
    incidents.checked_rows,
    incidents.opened_at,
    incidents.last_seen_at,
    incidents.resolved_at,
    incidents.resolved_at is null as is_open,
    cast(
        {{ hours_between('incidents.opened_at', 'coalesce(incidents.resolved_at, incidents.recorded_at)') }} as double
    ) as lasted_hours
from incidents
inner join labels as kinds
    on
        kinds.group_by = 'incident_kind'
        and incidents.kind = kinds.group_value
