with

source as (

    select * from {{ source('quality', 'incidents') }}

),

renamed as (

    select
        incident_id,
        kind,
        severity,
        system,
        owner,
        place,
        title_zh,
        title_en,
        remedy_zh,
        remedy_en,
        failed_rows,
        checked_rows,
        opened_at,
        last_seen_at,
        resolved_at,
        recorded_at
    from source

)

select * from renamed
