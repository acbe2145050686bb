with

labels as (

    select * from {{ ref('labels') }}

),

branches as (

    select * from {{ ref('int_branches') }}

),

staff as (

    select * from {{ ref('int_staff') }}

),

quarters as (

    select * from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

stages as (

    select * from labels
    where group_by = 'stage'

),

groupings as (

    select group_value as group_by
    from labels
    where group_by = 'group_by'

),

-- Complaint categories overlap with need categories; as groups both are called category.
categories_of_complaints_alone as (

    select complaint_categories.*
    from labels as complaint_categories
    left join labels as need_categories
        on
            need_categories.group_by = 'category'
            and complaint_categories.group_value = need_categories.group_value
    where
        complaint_categories.group_by = 'complaint_category'
        and need_categories.group_value is null

),

named as (

    select
        group_by,
        group_value,
        label_zh,
        label_en,
        sort_order
    from labels

    union all

    select
        'category' as group_by,
        group_value,
        label_zh,
        label_en,
        100 + sort_order as sort_order
    from categories_of_complaints_alone

    union all

    select
        'branch' as group_by,
        branch_id as group_value,
        branch_name as label_zh,
        branch_name as label_en,
        row_number() over (order by branch_id) as sort_order
    from branches

    union all

    select
        'region' as group_by,
        region as group_value,
        region as label_zh,
        region as label_en,
        row_number() over (order by region) as sort_order
    from branches
    group by region

    union all

    -- Names are never published; the id serves as label.
    select
        'staff' as group_by,
        staff_id as group_value,
        staff_id as label_zh,
        staff_id as label_en,
        row_number() over (order by staff_id) as sort_order
    from staff

    union all

    select
        'cohort' as group_by,
        period as group_value,
        period as label_zh,
        period as label_en,
        period_order as sort_order
    from quarters

    union all

    select
        'transition' as group_by,
        earlier.group_value || '>' || later.group_value as group_value,
        earlier.label_zh || ' → ' || later.label_zh as label_zh,
        earlier.label_en || ' → ' || later.label_en as label_en,
        100 * earlier.sort_order + later.sort_order as sort_order
    from stages as earlier
    cross join stages as later

    union all

    select
        'all' as group_by,
        'all' as group_value,
        '全部' as label_zh,
        'All' as label_en,
        0 as sort_order

    union all

    select
        group_by,
        {{ unknown_member() }} as group_value,
        '未提供' as label_zh,
        'Unknown' as label_en,
        9999 as sort_order
    from groupings
    where group_by <> 'all'

)

select
    group_by,
    group_value,
    label_zh,
    label_en,
    cast(sort_order as integer) as sort_order
from named
