{#- Neither the row as it was delivered nor the message, which may quote it, goes on from here. -#}
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
