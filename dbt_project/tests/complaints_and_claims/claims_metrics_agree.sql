{#-
  A duration is taken of the same claims in elapsed and in business hours, as median and as 90th
  percentile, in every group.
-#}
with

counted as (

    select
        case
            when metric like 'claim_first_update_p%' then 'claims first updated'
            when metric like 'claim_decision_p%' then 'claims decided'
        end as what,
        period,
        group_by,
        group_value,
        n
    from {{ ref('metric_values') }}

)

select
    what,
    period,
    group_by,
    group_value
from counted
where what is not null
group by
    what,
    period,
    group_by,
    group_value
having
    min(n) <> max(n)
    or count(*) <> case what when 'claims first updated' then 2 else 4 end
