{#- An opportunity belongs to the quarter in which it was created and to the one in which it was closed. -#}
with

opportunities as (

    select * from {{ ref('int_opportunity_lifecycle') }}

),

quarters as (

    select * from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

touching as (

    select
        opportunities.*,
        quarters.period,
        quarters.qs,
        quarters.c,
        quarters.in_progress,
        opportunities.created_at >= quarters.qs as is_created,
        opportunities.stage in ('won', 'lost')
        and opportunities.closed_at >= quarters.qs
        and opportunities.closed_at < quarters.c as is_closed
    from opportunities
    inner join quarters
        on
            (opportunities.created_at >= quarters.qs and opportunities.created_at < quarters.c)
            or (opportunities.closed_at >= quarters.qs and opportunities.closed_at < quarters.c)

)

select
    opportunity_id,
    period,
    qs as period_starts_at,
    in_progress,
    staff,
    branch,
    region,
    product_category,
    {{ flag('is_created and created_at < c') }} as created,
    {{ flag('is_created and created_at < c and first_contact_at < c') }} as reached_first_contact,
    {{ flag('is_created and created_at < c and confirmed_at < c') }} as reached_confirmed,
    {{ flag('is_created and created_at < c and proposal_at < c') }} as reached_proposal,
    {{ flag('is_created and created_at < c and won_at < c') }} as reached_won,
    {{ flag('is_created and created_at < c and callback_at < c') }} as reached_callback,
    {{ flag('is_closed') }} as closed,
    {{ flag("is_closed and stage = 'won'") }} as won,
    {{ flag('is_closed and is_second_sale') }} as second_sale_closed,
    {{ flag("is_closed and is_second_sale and stage = 'won'") }} as second_sale_won
from touching
