{#-
  Every person employed at as_of, in a role that has targets, against each target by the latest test of any kind.
  Without a test there is no gap and no place on the path.
-#}
with

staff as (

    select * from {{ ref('int_staff_branches') }}
    where
        hired_on is not null
        and left_on is null

),

targets as (

    select * from {{ ref('competency_targets') }}

),

weights as (

    select * from {{ ref('module_weights') }}

),

latest_tests as (

    select *
    from {{ ref('int_assessments') }}
    qualify row_number() over (partition by staff_id, module order by taken_on desc, assessment_id desc) = 1

),

gaps as (

    select
        staff.staff_id,
        staff.role,
        staff.branch,
        targets.module,
        targets.target_score,
        latest_tests.score,
        latest_tests.taken_on,
        greatest(0, targets.target_score - latest_tests.score) as gap,
        weights.weight,
        weights.is_core
    from staff
    inner join targets on staff.role = targets.role
    inner join weights on targets.module = weights.module
    left join latest_tests
        on
            staff.staff_id = latest_tests.staff_id
            and targets.module = latest_tests.module

),

with_known_gap as (

    select
        *,
        case when score is not null then gap end as known_gap
    from gaps

)

select
    staff_id,
    role,
    branch,
    module,
    is_core,
    target_score,
    score,
    taken_on,
    known_gap as gap,
    weight,
    known_gap * weight as weighted_gap,
    case
        when known_gap > 0
            then row_number() over (
                partition by staff_id order by coalesce(known_gap, 0) * weight desc, module asc
            )
    end as path_step
from with_known_gap
