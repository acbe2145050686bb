with

versions as (

    select * from {{ ref('stg_complaint__complaints') }}

),

known as (

    {{ known_at_as_of(
        'versions',
        key=['complaint_id'],
        as_known=[
            'customer_id', 'policy_id', 'product_id', 'staff_id', 'branch_id', 'channel', 'category',
            'severity', 'regulator_referred'
        ],
        dated=['received_at', 'acknowledged_at', 'resolved_at', 'closed_at'],
        with_date={
            'outcome': 'coalesce(current_resolved_at, current_closed_at)',
            'compensation': 'coalesce(current_resolved_at, current_closed_at)'
        },
        happened='received_at'
    ) }}

)

select
    complaint_id,
    customer_id,
    policy_id,
    product_id,
    staff_id,
    branch_id,
    channel,
    category,
    severity,
    received_at,
    acknowledged_at,
    resolved_at,
    closed_at,
    outcome,
    compensation,
    regulator_referred
from known
