with

versions as (

    select * from {{ ref('stg_crm__needs') }}

),

known as (

    {{ known_at_as_of(
        'versions',
        key=['need_id'],
        as_known=[
            'customer_id', 'source', 'category', 'product_id', 'branch_id', 'staff_id', 'complaint_id',
            'owner_department', 'urgency', 'impact', 'business_value'
        ],
        dated=['raised_at'],
        of_first_version=['urgency', 'impact', 'business_value'],
        happened='raised_at'
    ) }}

)

select
    need_id,
    customer_id,
    source,
    category,
    product_id,
    branch_id,
    staff_id,
    complaint_id,
    owner_department,
    urgency,
    impact,
    business_value,
    raised_at,
    first_urgency,
    first_impact,
    first_business_value
from known
