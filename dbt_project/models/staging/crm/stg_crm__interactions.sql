with

source as (

    select * from {{ source('crm', 'interactions') }}

),

events as (

    {{ events_not_void('source', key='interaction_id') }}

),

renamed as (

    select
        interaction_id,
        customer_id,
        staff_id,
        channel,
        purpose,
        product_category,
        need_id,
        opened_at,
        first_response_at,
        closed_at,
        resolved_on_contact,
        note
    from events

)

select * from renamed
