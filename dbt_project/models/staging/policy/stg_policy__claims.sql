with

source as (

    select * from {{ source('policy', 'claims') }}

),

versions as (

    {{ versions_of('source', key=['claim_id']) }}

),

renamed as (

    select
        claim_id,
        policy_id,
        reported_at,
        documents_completed_at,
        first_update_at,
        last_update_at,
        updates_sent,
        decided_at,
        paid_at,
        claimed_amount,
        paid_amount,
        status,
        coalesce(deleted, false) as is_deleted,
        updated_at,
        valid_from,
        valid_to,
        is_first,
        is_current
    from versions

)

select * from renamed
