{#- A customer's spells cover every day from the first to as_of without gaps or overlaps. -#}
with

spells as (

    select
        customer_key,
        from_day,
        until_day,
        is_current,
        lead(from_day) over (partition by customer_key order by from_day) as next_from_day
    from {{ ref('mart_customer_stage') }}

)

select *
from spells
where
    until_day is distinct from next_from_day
    or is_current <> (until_day is null)
