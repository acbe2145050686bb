with

versions as (

    select * from {{ ref('stg_policy__policies') }}

),

known as (

    {{ known_at_as_of(
        'versions',
        key=['policy_id'],
        as_known=[
            'customer_id', 'product_id', 'staff_id', 'branch_id', 'sales_channel', 'payment_mode',
            'payment_term_years', 'coverage_term_years', 'annual_premium', 'sum_assured', 'double_recorded'
        ],
        dated=['applied_on', 'issued_on', 'effective_on', 'status_on'],
        with_status={'status': [['status_on', 'in_force']]},
        happened='issued_on'
    ) }}

)

select
    policy_id,
    customer_id,
    product_id,
    staff_id,
    branch_id,
    sales_channel,
    applied_on,
    issued_on,
    effective_on,
    payment_mode,
    payment_term_years,
    coverage_term_years,
    annual_premium,
    sum_assured,
    status,
    status_on,
    double_recorded
from known
