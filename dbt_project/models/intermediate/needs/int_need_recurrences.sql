{#-
  A recurrence counts only while the earlier need is valid; readers check that in int_need_state_intervals.
-#}
with

needs as (

    select * from {{ ref('int_need_lifecycle') }}

),

parameters as (

    select * from {{ ref('int_parameters') }}

)

select
    later.need_id,
    earlier.need_id as earlier_need_id,
    earlier.raised_at as earlier_raised_at
from needs as later
cross join parameters
inner join needs as earlier
    on
        later.customer_id = earlier.customer_id
        and later.category = earlier.category
        and later.need_id <> earlier.need_id
        and later.raised_at >= earlier.first_resolved_at
        and later.raised_at <= {{ plus_days('earlier.first_resolved_at', 'parameters.recurrence_days') }}
