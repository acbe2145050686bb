with

raci as (

    select * from {{ ref('raci') }}

),

departments as (

    select
        group_value as department,
        label_zh,
        label_en,
        sort_order
    from {{ ref('labels') }}
    where group_by = 'owner_department'

),

roles as (

    select
        raci.category,
        raci.department,
        raci.raci_role,
        departments.label_zh,
        departments.label_en,
        departments.sort_order
    from raci
    left join departments on raci.department = departments.department

),

accountable as (

    select
        category,
        min(department) as accountable_department
    from roles
    where raci_role = 'A'
    group by category

),

responsible as (

    select
        category,
        {{ dbt.listagg('department', "', '", 'order by sort_order') }} as responsible_departments,
        {{ dbt.listagg('label_zh', "'、'", 'order by sort_order') }} as responsible_departments_label_zh,
        {{ dbt.listagg('label_en', "', '", 'order by sort_order') }} as responsible_departments_label_en
    from roles
    where raci_role = 'R'
    group by category

)

select
    accountable.category,
    accountable.accountable_department,
    responsible.responsible_departments,
    responsible.responsible_departments_label_zh,
    responsible.responsible_departments_label_en
from accountable
inner join responsible on accountable.category = responsible.category
