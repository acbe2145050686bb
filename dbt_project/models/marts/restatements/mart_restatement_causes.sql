with

causes as (

    select * from {{ ref('fct_restatement_cause') }}

),

labels as (

    select * from {{ ref('labels') }}

),

by_cause as (

    select
        quarter,
        kind,
        cause_name,
        row_key,
        file,
        line,
        load_id,
        loaded_at,
        happened_at,
        falls_in_quarter,
        changed_columns,
        count(distinct metric) as metrics_restated
    from causes
    group by
        quarter,
        kind,
        cause_name,
        row_key,
        file,
        line,
        load_id,
        loaded_at,
        happened_at,
        falls_in_quarter,
        changed_columns

)

select
    by_cause.quarter,
    cast(row_number() over (
        partition by by_cause.quarter
        order by
            case when by_cause.falls_in_quarter then 1 else 2 end, labels.sort_order, by_cause.cause_name,
            by_cause.load_id, by_cause.line
    ) as integer) as cause_number,
    by_cause.kind,
    coalesce(labels.label_zh, by_cause.kind) as kind_label_zh,
    coalesce(labels.label_en, by_cause.kind) as kind_label_en,
    by_cause.cause_name,
    by_cause.row_key,
    by_cause.file,
    by_cause.line,
    by_cause.loaded_at,
    by_cause.happened_at,
    by_cause.falls_in_quarter,
    by_cause.changed_columns,
    cast(by_cause.metrics_restated as integer) as metrics_restated
from by_cause
left join labels
    on
        labels.group_by = 'restatement_cause'
        and by_cause.kind = labels.group_value
