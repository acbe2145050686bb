with

raci as (

    select * from {{ ref('raci') }}

),

labels as (

    select * from {{ ref('dim_group_value') }}

),

departments as (

    select
        category,
        department,
        max(case when raci_role = 'A' then 1 else 0 end) = 1 as is_accountable,
        max(case when raci_role = 'R' then 1 else 0 end) = 1 as is_responsible,
        max(case when raci_role = 'C' then 1 else 0 end) = 1 as is_consulted,
        max(case when raci_role = 'I' then 1 else 0 end) = 1 as is_informed
    from raci
    group by
        category,
        department

)

select
    departments.category,
    categories.label_zh as category_label_zh,
    categories.label_en as category_label_en,
    cast(categories.sort_order as integer) as category_sort_order,
    departments.department,
    department_names.label_zh as department_label_zh,
    department_names.label_en as department_label_en,
    cast(department_names.sort_order as integer) as department_sort_order,
    case
        when departments.is_accountable and departments.is_responsible then 'A/R'
        when departments.is_accountable then 'A'
        when departments.is_responsible then 'R'
        when departments.is_consulted then 'C'
        when departments.is_informed then 'I'
    end as raci_roles,
    departments.is_accountable,
    departments.is_responsible,
    departments.is_consulted,
    departments.is_informed
from departments
left join labels as categories
    on
        categories.group_by = 'category'
        and departments.category = categories.group_value
left join labels as department_names
    on
        department_names.group_by = 'owner_department'
        and departments.department = department_names.group_value
order by
    categories.sort_order,
    department_names.sort_order
