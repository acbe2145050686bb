with

versions as (

    select * from {{ ref('stg_crm__customers') }}

),

known as (

    {{ known_at_as_of(
        'versions',
        key=['customer_id'],
        as_known=[
            'gender', 'marital_status', 'children_count', 'occupation', 'annual_income', 'aum',
            'customer_risk_level', 'branch_id', 'rm_id', 'referred_by', 'preferred_channel',
            'marketing_consent'
        ],
        dated=['birth_date', 'youngest_child_birth_date', 'risk_assessed_on', 'customer_since']
    ) }}

)

select
    customer_id,
    gender,
    birth_date,
    marital_status,
    children_count,
    youngest_child_birth_date,
    occupation,
    annual_income,
    aum,
    customer_risk_level,
    risk_assessed_on,
    branch_id,
    rm_id,
    customer_since,
    referred_by,
    preferred_channel,
    marketing_consent
from known
