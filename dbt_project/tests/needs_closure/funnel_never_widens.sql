{#- raised ≥ valid ≥ resolved ≥ verified ≥ 0 in every quarter and group, and every funnel has its four steps. -#}
with

funnel as (

    select
        period,
        group_by,
        group_value,
        max(case when step = 'raised' then needs end) as raised,
        max(case when step = 'valid' then needs end) as valid_needs,
        max(case when step = 'resolved' then needs end) as resolved,
        max(case when step = 'verified' then needs end) as verified
    from {{ ref('mart_needs_funnel') }}
    group by
        period,
        group_by,
        group_value

)

select *
from funnel
where not coalesce(raised >= valid_needs and valid_needs >= resolved and resolved >= verified and verified >= 0, false)
