with

staff_months as (

    select * from {{ ref('int_staff_months') }}

),

staff as (

    select * from {{ ref('int_staff_branches') }}

),

appraisals as (

    select
        staff_id,
        period,
        avg(supervisor_score) as supervisor_score,
        avg(teamwork_score) as teamwork_score
    from {{ ref('int_appraisals') }}
    group by
        staff_id,
        period

)

select
    staff_months.staff_id,
    staff_months.period,
    staff.branch as branch_id,
    staff.region,
    staff.role,
    staff_months.in_progress,
    staff_months.is_employed_throughout,
    staff_months.complaints,
    staff_months.policies_sold,
    staff_months.first_responses,
    staff_months.first_response_hours_p50,
    staff_months.second_sales_closed,
    staff_months.second_sales_won,
    staff_months.steps_due,
    staff_months.steps_on_time,
    staff_months.persistency_tested,
    staff_months.persistency_kept,
    staff_months.renewal_premium,
    staff_months.csat_answers,
    staff_months.csat_sum,
    cast(appraisals.supervisor_score as double) as supervisor_score,
    cast(appraisals.teamwork_score as double) as teamwork_score
from staff_months
inner join staff on staff_months.staff_id = staff.staff_id
left join appraisals
    on
        staff_months.staff_id = appraisals.staff_id
        and {{ quarter_name('staff_months.starts_on') }} = appraisals.period
order by
    staff_months.staff_id,
    staff_months.period
