with

source as (

    select * from {{ source('quality', 'check_results') }}

),

renamed as (

    select
        run_id,
        stage,
        table_name,
        system,
        check_name,
        severity,
        owner,
        passed,
        failed_rows,
        checked_rows,
        label_zh,
        label_en,
        message_zh,
        message_en,
        remedy_zh,
        remedy_en,
        checked_at
    from source

)

select * from renamed
