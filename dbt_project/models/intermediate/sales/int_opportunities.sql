with

versions as (

    select * from {{ ref('stg_crm__opportunities') }}

),

known as (

    {{ known_at_as_of(
        'versions',
        key=['opportunity_id'],
        as_known=['customer_id', 'staff_id', 'product_category', 'policy_id', 'expected_premium'],
        dated=[
            'created_at', 'first_contact_at', 'need_confirmed_at', 'proposal_at', 'callback_at', 'closed_at'
        ],
        with_status={'stage': [['closed_at', 'open']]},
        happened='created_at'
    ) }}

)

select
    opportunity_id,
    customer_id,
    staff_id,
    product_category,
    created_at,
    first_contact_at,
    need_confirmed_at,
    proposal_at,
    callback_at,
    closed_at,
    stage,
    policy_id,
    expected_premium
from known
