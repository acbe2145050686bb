with

versions as (

    select * from {{ ref('stg_policy__premiums') }}

),

known as (

    {{ known_at_as_of(
        'versions',
        key=['premium_id'],
        as_known=['policy_id', 'instalment_no', 'due_amount'],
        dated=['paid_on'],
        planned=['due_on'],
        with_date={'paid_amount': 'current_paid_on'}
    ) }}

)

select
    premium_id,
    policy_id,
    instalment_no,
    due_on,
    due_amount,
    paid_on,
    paid_amount
from known
