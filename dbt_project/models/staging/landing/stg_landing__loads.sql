with

source as (

    select * from {{ source('landing', 'loads') }}

),

renamed as (

    select
        load_id,
        file,
        table_name,
        status,
        reason,
        rows_in_file,
        loaded,
        ignored,
        rejected,
        loaded_at
    from source

)

select * from renamed
