with

gaps as (

    select * from {{ ref('int_competency_gaps') }}

)

select
    staff_id,
    branch as branch_id,
    role,
    module,
    is_core,
    cast(target_score as double) as target_score,
    cast(score as double) as score,
    taken_on,
    score is not null as is_assessed,
    cast(gap as double) as gap,
    cast(weighted_gap as double) as weighted_gap,
    cast(path_step as integer) as path_step
from gaps
