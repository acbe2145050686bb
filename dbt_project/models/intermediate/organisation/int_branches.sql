with

versions as (

    select * from {{ ref('stg_org__branches') }}

),

known as (

    {{ known_at_as_of(
        'versions',
        key=['branch_id'],
        as_known=['branch_name', 'region', 'city'],
        dated=['opened_on']
    ) }}

)

select
    branch_id,
    branch_name,
    region,
    city,
    opened_on
from known
