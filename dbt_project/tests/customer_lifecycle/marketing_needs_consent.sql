{#-
  No customer without marketing consent (or with unknown consent) is on a list whose touchpoint is marketing;
  only gaps with a suitable product are on the list of gaps.
-#}
select
    action_list.list,
    action_list.customer_key,
    action_list.reason
from {{ ref('mart_action_list') }} as action_list
left join {{ ref('int_customers') }} as customers on action_list.customer_key = customers.customer_key
left join {{ ref('mart_coverage_gaps') }} as gaps
    on
        action_list.list = 'gaps'
        and action_list.customer_key = gaps.customer_key
        and action_list.reason = gaps.rule
        and gaps.is_open
        and gaps.is_actionable
where
    (action_list.is_marketing and not coalesce(customers.marketing_consent, false))
    or (action_list.list = 'gaps' and gaps.rule is null)
