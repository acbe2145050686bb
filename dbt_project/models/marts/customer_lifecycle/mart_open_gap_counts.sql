with

open_gaps as (

    select * from {{ ref('mart_coverage_gaps') }}
    where is_open

),

labels as (

    select * from {{ ref('dim_group_value') }}

),

counted as (

    select
        rule,
        count(*) as gaps,
        sum({{ flag('is_actionable') }}) as actionable
    from open_gaps
    group by rule

    union all

    select
        'all' as rule, -- noqa: RF04
        count(*) as gaps,
        sum({{ flag('is_actionable') }}) as actionable
    from open_gaps
    having count(*) > 0

)

select
    counted.rule,
    labels.label_zh as rule_label_zh,
    labels.label_en as rule_label_en,
    labels.sort_order as rule_order,
    counted.gaps,
    cast(counted.actionable as bigint) as actionable
from counted
left join labels
    on
        labels.group_by = case when counted.rule = 'all' then 'all' else 'rule' end
        and counted.rule = labels.group_value
