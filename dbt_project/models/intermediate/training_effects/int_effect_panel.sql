{#-
  The panel from which training effects are estimated: one row per person and month, over all complete reported months.
  Months are numbered from 1 by the calendar, so a first treated month beyond the panel keeps its true distance.
  The panel holds persons employed throughout it. Persons who completed the confirmation training before it are
  excluded; those who never did, or not by as_of, are controls. Only roles with training: other roles do different work
  and make no comparison. Ratios and medians without values are empty.
-#}
with

months as (

    select *
    from {{ ref('int_periods') }}
    where
        period_type = 'month'
        and not in_progress

),

bounds as (

    select
        min(starts_on) as first_month,
        max(ends_on) as last_day
    from months

),

staff as (

    select * from {{ ref('int_staff_branches') }}

),

trained as (

    select
        training.staff_id,
        training.completed_in,
        {{ add_months('training.completed_in', 1) }} as treated_from
    from {{ ref('int_confirmation_training') }} as training
    where training.completed_on is not null

),

roles_trained as (

    select distinct staff.role
    from staff
    inner join trained on staff.staff_id = trained.staff_id

),

persons as (

    select
        staff.staff_id,
        trained.treated_from,
        {{ month_number('bounds.first_month') }} - 1 as month_before_panel
    from staff
    cross join bounds
    inner join roles_trained on staff.role = roles_trained.role
    left join trained on staff.staff_id = trained.staff_id
    where
        staff.hired_on <= bounds.first_month
        and (staff.left_on is null or staff.left_on > bounds.last_day)
        and (trained.completed_in is null or trained.completed_in >= bounds.first_month)

),

staff_months as (

    select * from {{ ref('int_staff_months') }}

)

select
    persons.staff_id,
    months.period,
    {{ month_number('months.starts_on') }} - persons.month_before_panel as month_number,
    coalesce({{ month_number('persons.treated_from') }} - persons.month_before_panel, 0) as treated_from_month,
    cast(staff_months.complaints as double) as complaints,
    cast(staff_months.second_sales_won as double) / nullif(staff_months.second_sales_closed, 0)
        as second_sale_conversion,
    staff_months.first_response_hours_p50 as first_response_hours,
    cast(staff_months.steps_on_time as double) / nullif(staff_months.steps_due, 0) as step_on_time,
    cast(staff_months.csat_sum as double) / nullif(staff_months.csat_answers, 0) as csat,
    cast(staff_months.persistency_kept as double) / nullif(staff_months.persistency_tested, 0) as persistency_13
from persons
cross join months
inner join staff_months
    on
        persons.staff_id = staff_months.staff_id
        and months.period = staff_months.period
