with

versions as (

    select * from {{ ref('stg_crm__customers') }}

),

customers as (

    select * from {{ ref('int_customers') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

)

select
    versions.customer_id,
    versions.valid_from,
    case when versions.valid_to < as_of.as_of_end then versions.valid_to else {{ end_of_time() }} end as valid_to,
    versions.valid_to >= as_of.as_of_end as is_valid_at_as_of,
    versions.birth_date,
    versions.children_count,
    versions.youngest_child_birth_date,
    versions.marital_status,
    versions.occupation,
    versions.annual_income,
    versions.aum,
    versions.customer_risk_level,
    versions.risk_assessed_on,
    versions.branch_id,
    versions.rm_id
from versions
inner join customers on versions.customer_id = customers.customer_id
cross join as_of
where versions.valid_from < as_of.as_of_end
