with

source as (

    select * from {{ source('pipeline', 'run_parameters') }}

),

renamed as (

    select
        run_id,
        load_date,
        requested_as_of
    from source

)

select * from renamed
