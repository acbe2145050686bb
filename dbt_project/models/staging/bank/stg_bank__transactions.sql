with

source as (

    select * from {{ source('bank', 'transactions') }}

),

events as (

    {{ events_not_void('source', key='transaction_id') }}

),

renamed as (

    select
        transaction_id,
        customer_id,
        account_type,
        initiated_by,
        occurred_at,
        amount,
        channel
    from events

)

select * from renamed
