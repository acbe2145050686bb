{#- A need's intervals cover all time from beginning to end, without gaps or overlaps. -#}
with

intervals as (

    select
        need_id,
        state_from,
        state_to,
        lag(state_to) over (partition by need_id order by state_from) as state_to_before,
        lead(state_from) over (partition by need_id order by state_from) as state_from_after
    from {{ ref('int_need_state_intervals') }}

)

select *
from intervals
where
    state_from <> coalesce(state_to_before, {{ beginning_of_time() }})
    or (state_from_after is null and state_to <> {{ end_of_time() }})
