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
        latest_data_on
    from source

)

select * from renamed
