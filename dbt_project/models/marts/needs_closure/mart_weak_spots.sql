with

need_quarters as (

    select * from {{ ref('int_need_quarters') }}

),

labels as (

    select * from {{ ref('dim_group_value') }}

),

spots as (

    select
        period,
        in_progress,
        category,
        owner_department,
        product_category,
        sum(cast(overdue_microseconds as decimal(38, 0))) as overdue_microseconds,
        sum(cast(overdue_business_microseconds as decimal(38, 0))) as overdue_business_microseconds,
        cast(sum(overdue) as bigint) as needs
    from need_quarters
    where overdue = 1
    group by
        period,
        in_progress,
        category,
        owner_department,
        product_category

),

ranked as (

    select
        *,
        row_number() over (
            partition by period
            order by overdue_microseconds desc, category asc, owner_department asc, product_category asc
        ) as spot_rank,
        sum(overdue_microseconds) over (partition by period) as all_microseconds
    from spots

),

cumulated as (

    select
        *,
        sum(overdue_microseconds) over (
            partition by period order by spot_rank
            rows between unbounded preceding and current row
        ) as cumulative_microseconds
    from ranked

)

select
    cumulated.period,
    cumulated.in_progress,
    cast(cumulated.spot_rank as integer) as rank,
    cumulated.category,
    categories.label_zh as category_label_zh,
    categories.label_en as category_label_en,
    cumulated.owner_department,
    departments.label_zh as owner_department_label_zh,
    departments.label_en as owner_department_label_en,
    cumulated.product_category,
    products.label_zh as product_category_label_zh,
    products.label_en as product_category_label_en,
    cast(cumulated.overdue_microseconds / 3.6e9 as double) as excess_need_hours,
    cast(cumulated.overdue_business_microseconds / 3.6e9 as double) as excess_need_hours_business,
    cumulated.needs,
    cast(cumulated.overdue_microseconds as double) / cumulated.all_microseconds as share,
    cast(cumulated.cumulative_microseconds as double) / cumulated.all_microseconds as cumulative_share
from cumulated
left join labels as categories
    on
        categories.group_by = 'category'
        and cumulated.category = categories.group_value
left join labels as departments
    on
        departments.group_by = 'owner_department'
        and cumulated.owner_department = departments.group_value
left join labels as products
    on
        products.group_by = 'product_category'
        and cumulated.product_category = products.group_value
order by
    cumulated.period,
    cumulated.spot_rank
