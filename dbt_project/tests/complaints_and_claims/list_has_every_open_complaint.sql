{#- The list holds exactly the open complaints, each with a limit passed or ahead. -#}
select
    coalesce(complaints.complaint_id, listed.complaint_id) as complaint_id,
    complaints.is_open,
    listed.limit_passed,
    listed.next_limit_at
from {{ ref('fct_complaint') }} as complaints
full outer join {{ ref('mart_open_complaints') }} as listed on complaints.complaint_id = listed.complaint_id
where
    coalesce(complaints.is_open, false) <> (listed.complaint_id is not null)
    or (listed.limit_passed = '60') <> (listed.complaint_id is not null and listed.next_limit_at is null)
