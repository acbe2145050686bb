with

source as (

    select * from {{ source('policy', 'premiums') }}

),

versions as (

    {{ versions_of('source', key=['premium_id']) }}

),

renamed as (

    select
        premium_id,
        policy_id,
        instalment_no,
        due_on,
        due_amount,
        paid_on,
        paid_amount,
        coalesce(deleted, false) as is_deleted,
        updated_at,
        valid_from,
        valid_to,
        is_first,
        is_current
    from versions

)

select * from renamed
