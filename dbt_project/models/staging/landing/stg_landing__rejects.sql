{#- Drops the delivered row and the message, which may quote it. -#}
with

source as (

    select * from {{ source('landing', 'rejects') }}

),

renamed as (

    select
        load_id,
        line,
        table_name,
        column_name,
        reason
    from source

)

select * from renamed
