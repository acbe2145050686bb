with

mastery as (

    select * from {{ ref('int_mastery_quarters') }}

),

parameters as (

    select * from {{ ref('int_parameters') }}

),

counted as (

    select
        period,
        branch,
        module,
        count(*) as persons_assessed,
        sum(mastered) as persons_mastered
    from mastery
    group by
        period,
        branch,
        module

)

select
    counted.period,
    counted.branch as branch_id,
    counted.module,
    counted.persons_assessed,
    cast(counted.persons_mastered as bigint) as persons_mastered,
    cast(counted.persons_mastered as double) / counted.persons_assessed as mastery_rate,
    counted.persons_assessed < parameters.min_cell as is_small
from counted
cross join parameters
