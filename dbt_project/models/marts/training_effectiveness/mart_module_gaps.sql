with

gaps as (

    select * from {{ ref('int_competency_gaps') }}

),

parameters as (

    select * from {{ ref('int_parameters') }}

),

in_groups as (

    select
        'role' as group_by,
        role as group_value,
        module,
        is_core,
        gap
    from gaps

    union all

    select
        'all' as group_by,
        'all' as group_value,
        module,
        is_core,
        gap
    from gaps

),

counted as (

    select
        group_by,
        group_value,
        module,
        is_core,
        count(*) as persons,
        count(gap) as persons_assessed,
        sum({{ flag('gap > 0') }}) as persons_with_gap,
        avg(gap) as mean_gap
    from in_groups
    group by
        group_by,
        group_value,
        module,
        is_core

)

select
    counted.group_by,
    counted.group_value,
    counted.module,
    counted.is_core,
    counted.persons,
    counted.persons_assessed,
    cast(counted.persons_with_gap as bigint) as persons_with_gap,
    cast(counted.persons_with_gap as double) / nullif(counted.persons_assessed, 0) as share_with_gap,
    cast(counted.mean_gap as double) as mean_gap,
    counted.persons_assessed < parameters.min_cell as is_small
from counted
cross join parameters
