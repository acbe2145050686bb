{#- A person not assessed in any core module has no class. -#}
with

gaps as (

    select * from {{ ref('int_competency_gaps') }}

),

parameters as (

    select * from {{ ref('int_parameters') }}

),

of_persons as (

    select
        gaps.staff_id,
        gaps.branch,
        gaps.role,
        count(*) as modules,
        count(gaps.score) as modules_assessed,
        sum({{ flag('gaps.is_core and gaps.score is not null') }}) as core_modules_assessed,
        sum({{ flag('gaps.is_core and gaps.gap > parameters.junior_gap_above') }}) as core_modules_with_gap,
        max(case when gaps.path_step = 1 then gaps.module end) as next_module
    from gaps
    cross join parameters
    group by
        gaps.staff_id,
        gaps.branch,
        gaps.role

)

select
    staff_id,
    branch as branch_id,
    role,
    modules,
    modules_assessed,
    cast(core_modules_assessed as bigint) as core_modules_assessed,
    cast(core_modules_with_gap as bigint) as core_modules_with_gap,
    case
        when core_modules_with_gap > 0 then 'junior'
        when core_modules_assessed > 0 then 'senior'
    end as competency_class,
    core_modules_assessed > 0 as has_enough_data,
    next_module
from of_persons
