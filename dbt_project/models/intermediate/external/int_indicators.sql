with

versions as (

    select * from {{ ref('stg_external__indicators') }}

),

known as (

    {{ known_at_as_of(
        'versions',
        key=['indicator', 'month'],
        as_known=['indicator_value'],
        happened='month'
    ) }}

)

select
    indicator,
    month,
    indicator_value
from known
