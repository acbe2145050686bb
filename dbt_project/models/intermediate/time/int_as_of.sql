{#-
  Reads the raw tables rather than staging: every loaded row counts, even if voided or replaced since, and a maximum
  over one raw column is cheap. The source contract names the activity columns.
-#}
with

run_parameters as (

    select * from {{ ref('stg_pipeline__run_parameters') }}

),

latest_days as (

    {%- for table in delivered_tables() | selectattr('activity') %}

    {{ latest_day(table.system, table.name, table.activity) }}

    {%- if not loop.last %} union all {% endif %}
    {%- endfor %}

),

data_as_of as (

    select max(latest_day) as latest_day
    from latest_days

),

chosen as (

    select
        run_parameters.load_date,
        run_parameters.requested_as_of is not null as is_requested,
        coalesce(run_parameters.requested_as_of, data_as_of.latest_day) as as_of
    from run_parameters
    cross join data_as_of

)

select
    as_of,
    cast({{ dbt.dateadd('day', 1, 'as_of') }} as timestamp) as as_of_end,
    is_requested,
    load_date
from chosen
