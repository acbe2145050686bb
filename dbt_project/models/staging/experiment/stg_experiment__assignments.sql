with

source as (

    select * from {{ source('experiment', 'assignments') }}

),

events as (

    {{ events_not_void('source', key='assignment_id') }}

),

renamed as (

    select
        assignment_id,
        experiment_id,
        unit_id,
        variant,
        assigned_at
    from events

)

select * from renamed
