with

versions as (

    select * from {{ ref('stg_crm__customers') }}

),

keys as (

    select * from {{ ref('stg_pipeline__customer_keys') }}

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
    known.customer_id,
    keys.customer_key,
    known.gender,
    known.birth_date,
    known.marital_status,
    known.children_count,
    known.youngest_child_birth_date,
    known.occupation,
    known.annual_income,
    known.aum,
    known.customer_risk_level,
    known.risk_assessed_on,
    known.branch_id,
    known.rm_id,
    known.customer_since,
    known.referred_by,
    known.preferred_channel,
    known.marketing_consent
from known
left join keys on known.customer_id = keys.customer_id
