{#- Rejected rows and refused files by reason, on the day of the load. -#}
with

loads as (

    select
        *,
        cast(loaded_at as date) as loaded_on
    from {{ ref('stg_landing__loads') }}

),

rejects as (

    select * from {{ ref('stg_landing__rejects') }}

),

labels as (

    select * from {{ ref('labels') }}

),

rows_rejected as (

    select
        loads.loaded_on,
        loads.table_name,
        rejects.reason,
        count(*) as rows_rejected,
        0 as files_refused
    from rejects
    inner join loads
        on rejects.load_id = loads.load_id
    group by
        loads.loaded_on,
        loads.table_name,
        rejects.reason

),

files_refused as (

    select
        loaded_on,
        table_name,
        reason,
        0 as rows_rejected,
        count(distinct file) as files_refused
    from loads
    where status = 'refused'
    group by
        loaded_on,
        table_name,
        reason

),

refused as (

    select * from rows_rejected
    union all
    select * from files_refused

)

select
    refused.loaded_on,
    refused.table_name,
    {{ dbt.split_part('refused.table_name', "'.'", 1) }} as system, -- noqa: RF04
    refused.reason,
    coalesce(labels.label_zh, refused.reason) as reason_label_zh,
    coalesce(labels.label_en, refused.reason) as reason_label_en,
    cast(sum(refused.rows_rejected) as bigint) as rows_rejected,
    cast(sum(refused.files_refused) as bigint) as files_refused
from refused
left join labels
    on
        labels.group_by = 'reject_reason'
        and refused.reason = labels.group_value
group by
    refused.loaded_on,
    refused.table_name,
    refused.reason,
    labels.label_zh,
    labels.label_en
