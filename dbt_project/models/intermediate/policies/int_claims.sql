with

versions as (

    select * from {{ ref('stg_policy__claims') }}

),

known as (

    {{ known_at_as_of(
        'versions',
        key=['claim_id'],
        as_known=['policy_id', 'updates_sent', 'claimed_amount'],
        dated=[
            'reported_at', 'documents_completed_at', 'first_update_at', 'last_update_at', 'decided_at',
            'paid_at'
        ],
        with_date={'paid_amount': 'current_paid_at'},
        with_status={
            'status': [
                ['documents_completed_at', 'documents_pending'],
                ['decided_at', 'under_review'],
                ['paid_at', 'approved']
            ]
        },
        happened='reported_at'
    ) }}

)

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
    status
from known
