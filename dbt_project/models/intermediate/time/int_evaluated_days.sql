{#-
  The day before the first period shows which warnings are already open when it begins.
-#}
with

periods as (

    select * from {{ ref('int_periods') }}

),

bounds as (

    select
        min(starts_on) as starts_on,
        max(covered_until) as covered_until
    from periods
    having count(*) > 0

)

select
    {{ add_days('starts_on', -1) }} as first_day,
    {{ add_days('covered_until', 1) }} as until_day
from bounds
