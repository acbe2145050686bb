{#-
  The rules of the RACI matrix: each category of needs has exactly one accountable department and at least one
  responsible one; an accountable department may also be responsible, otherwise it has one role; departments are the
  owner departments of needs. Returns the categories that break a rule, including those without a row: fix
  seeds/reference/raci.csv.
-#}
with

categories as (

    select group_value as category
    from {{ ref('labels') }}
    where group_by = 'category'

    union distinct

    select category from {{ ref('raci') }}

),

departments_with_needs as (

    select group_value as department
    from {{ ref('labels') }}
    where group_by = 'owner_department'

),

departments as (

    select
        category,
        department,
        max(case when raci_role = 'A' then 1 else 0 end) as is_accountable,
        max(case when raci_role = 'R' then 1 else 0 end) as is_responsible,
        count(*) as roles_held
    from {{ ref('raci') }}
    group by
        category,
        department

),

counted as (

    select
        categories.category,
        coalesce(sum(departments.is_accountable), 0) as accountable,
        coalesce(sum(departments.is_responsible), 0) as responsible,
        count(
            case
                when departments.roles_held > 1 + departments.is_accountable * departments.is_responsible then 1
            end
        ) as with_contradicting_roles,
        count(departments.department) - count(departments_with_needs.department) as without_name
    from categories
    left join departments on categories.category = departments.category
    left join departments_with_needs on departments.department = departments_with_needs.department
    group by categories.category

)

select *
from counted
where
    accountable <> 1
    or responsible < 1
    or with_contradicting_roles > 0
    or without_name > 0
