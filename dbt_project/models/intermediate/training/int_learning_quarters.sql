{#- Quotients have fifteen decimals, so their sum is the same in any row order. -#}
with

parameters as (

    select * from {{ ref('int_parameters') }}

),

pairs as (

    select * from {{ ref('int_learning_pairs') }}

),

quarters as (

    select * from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

staff as (

    select * from {{ ref('int_staff_branches') }}

)

select
    pairs.enrolment_id,
    pairs.module,
    quarters.period,
    quarters.qs as period_starts_at,
    quarters.in_progress,
    coalesce(staff.branch, {{ unknown_member() }}) as branch,
    pairs.programme,
    1 as learning_pairs,
    pairs.post_score - pairs.pre_score as gain,
    {{ flag('pairs.pre_score < parameters.assessment_full_score') }} as pairs_with_room,
    case
        when pairs.pre_score < parameters.assessment_full_score
            then cast(
                (pairs.post_score - pairs.pre_score)
                / (parameters.assessment_full_score - pairs.pre_score) as decimal(24, 15)
            )
        else 0
    end as gain_of_room
from pairs
cross join parameters
inner join quarters on pairs.completed_on between quarters.starts_on and quarters.covered_until
left join staff on pairs.staff_id = staff.staff_id
