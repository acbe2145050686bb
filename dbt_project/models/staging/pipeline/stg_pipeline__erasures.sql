with

source as (

    select * from {{ source('pipeline', 'erasures') }}

),

of_delivered_tables as (

    select
        erased_at,
        replace(substr(place, 5), '__', '.') as source_table,
        rows + cleared as rows_touched
    from source
    where place like 'raw.%'

)

select
    erased_at,
    source_table,
    sum(rows_touched) as rows_touched
from of_delivered_tables
group by
    erased_at,
    source_table
