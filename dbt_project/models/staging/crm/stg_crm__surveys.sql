with

source as (

    select * from {{ source('crm', 'surveys') }}

),

events as (

    {{ events_not_void('source', key='response_id') }}

),

renamed as (

    select
        response_id,
        customer_id,
        instrument,
        score,
        need_id,
        policy_id,
        staff_id,
        comment,
        responded_at
    from events

)

select * from renamed
