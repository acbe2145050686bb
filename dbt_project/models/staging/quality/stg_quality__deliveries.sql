with

source as (

    select * from {{ source('quality', 'deliveries') }}

),

renamed as (

    select
        table_name,
        system,
        files_taken,
        files_refused,
        rows_in_files,
        loaded,
        ignored,
        rejected,
        last_loaded_at,
        latest_data_on,
        last_delivery_rows,
        last_delivery_rejected,
        rows_now,
        days_without_delivery,
        days_without_delivery_allowed,
        days_behind,
        days_behind_allowed,
        day_on,
        day_rows,
        day_usual,
        week_rows,
        week_usual
    from source

)

select * from renamed
