with

source as (

    select * from {{ source('crm', 'need_events') }}

),

events as (

    {{ events_not_void('source', key='event_id') }}

),

renamed as (

    select
        event_id,
        need_id,
        event,
        occurred_at,
        department,
        staff_id,
        satisfaction_score,
        note
    from events

)

select * from renamed
