with

classes as (

    select * from {{ ref('mart_staff_classes') }}

),

parameters as (

    select * from {{ ref('int_parameters') }}

),

in_groups as (

    select
        'branch' as group_by,
        branch_id as group_value,
        competency_class
    from classes

    union all

    select
        'role' as group_by,
        role as group_value,
        competency_class
    from classes

    union all

    select
        'all' as group_by,
        'all' as group_value,
        competency_class
    from classes

),

counted as (

    select
        group_by,
        group_value,
        count(*) as persons,
        count(competency_class) as persons_classed,
        cast(sum({{ flag("competency_class = 'junior'") }}) as bigint) as persons_junior,
        cast(sum({{ flag("competency_class = 'senior'") }}) as bigint) as persons_senior
    from in_groups
    group by
        group_by,
        group_value

)

select
    counted.group_by,
    counted.group_value,
    counted.persons,
    counted.persons_classed,
    counted.persons_junior,
    counted.persons_senior,
    cast(counted.persons_junior as double) / nullif(counted.persons_classed, 0) as share_junior,
    counted.persons_classed < parameters.min_cell as is_small
from counted
cross join parameters
