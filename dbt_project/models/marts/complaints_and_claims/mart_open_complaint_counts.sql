{#- Every limit has a row, even at zero. -#}
with

open_complaints as (

    select * from {{ ref('mart_open_complaints') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}
    where as_of is not null

),

parameters as (

    select * from {{ ref('int_parameters') }}

),

scopes as (

    select * from {{ ref('labels') }}
    where group_by = 'complaint_limit'

)

select
    as_of.as_of,
    scopes.group_value as limit_passed,
    scopes.label_zh as limit_passed_label_zh,
    scopes.label_en as limit_passed_label_en,
    cast(scopes.sort_order as integer) as limit_order,
    count(open_complaints.complaint_id) as complaints,
    cast(sum({{ flag('open_complaints.is_regulator_referred') }}) as bigint) as regulator_referred,
    cast(sum({{ flag('open_complaints.days_to_next_limit <= parameters.complaint_due_soon_days') }}) as bigint)
        as due_soon,
    max(open_complaints.days_open) as oldest_days,
    parameters.complaint_due_soon_days as due_soon_days
from scopes
cross join as_of
cross join parameters
left join open_complaints
    on
        scopes.group_value = 'all'
        or (scopes.group_value = 'any' and open_complaints.limit_passed <> 'none')
        or scopes.group_value = open_complaints.limit_passed
group by
    as_of.as_of,
    scopes.group_value,
    scopes.label_zh,
    scopes.label_en,
    scopes.sort_order,
    parameters.complaint_due_soon_days
