{#- Every published group has a label, and so has every grouping. -#}
select distinct
    metric_values.group_by,
    metric_values.group_value
from {{ ref('metric_values') }} as metric_values
left join {{ ref('dim_group_value') }} as labels
    on
        metric_values.group_by = labels.group_by
        and metric_values.group_value = labels.group_value
left join {{ ref('dim_group_value') }} as groupings
    on
        groupings.group_by = 'group_by'
        and metric_values.group_by = groupings.group_value
where
    labels.group_value is null
    or groupings.group_value is null
