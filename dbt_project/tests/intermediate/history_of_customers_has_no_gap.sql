{#-
  Each version of a customer begins where the one before ends, the first at the beginning of time, and the last has no
  end.
-#}
with

versions as (

    select
        customer_id,
        valid_from,
        valid_to,
        is_valid_at_as_of,
        lag(valid_to) over (partition by customer_id order by valid_from) as end_before,
        lead(valid_from) over (partition by customer_id order by valid_from) as begin_after
    from {{ ref('int_customer_versions') }}

)

select *
from versions
where
    valid_from != coalesce(end_before, {{ beginning_of_time() }})
    or valid_to != coalesce(begin_after, {{ end_of_time() }})
    or is_valid_at_as_of != (begin_after is null)
