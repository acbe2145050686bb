{#-
  A need is exactly one of open, settled and rejected; a closed loop is settled; what is settled was resolved; open needs
  alone have an age band.
-#}
select need_id
from {{ ref('fct_need') }}
where
    {{ flag('is_open') }} + {{ flag('is_settled') }} + {{ flag('not is_valid') }} <> 1
    or (is_closed_loop and not is_settled)
    or (is_settled and first_resolved_at is null)
    or is_open <> (age_band is not null)
