{#-
  The last whole month against the months before it. A count varies at least by its square root (Poisson), so a group
  with similar months is not judged by their small variance.
-#}
with

parameters as (

    select * from {{ ref('int_parameters') }}

),

needs as (

    select
        category,
        product_category,
        extract(year from raised_at) * 12 + extract(month from raised_at) as month_number
    from {{ ref('fct_need') }}
    where is_valid

),

last_month as (

    select
        as_of.as_of,
        cast(
            {{ dbt.dateadd('month', -1, dbt.date_trunc('month', add_days('as_of.as_of', 1))) }} as date
        ) as month_starts_on,
        extract(year from {{ add_days('as_of.as_of', 1) }}) * 12
        + extract(month from {{ add_days('as_of.as_of', 1) }}) - 1 as month_number,
        limits.demand_months,
        limits.demand_least_needs,
        limits.demand_spreads
    from {{ ref('int_as_of') }} as as_of
    cross join {{ ref('int_parameters') }} as limits

),

responsibilities as (

    select * from {{ ref('int_category_responsibilities') }}

),

labels as (

    select * from {{ ref('dim_group_value') }}

),

-- The first month of needs may be incomplete; it only shows that later months are complete.
history as (

    select min(month_number) as first_month from needs

),

counted as (

    select
        needs.category,
        needs.product_category,
        needs.month_number,
        count(*) as needs
    from needs
    group by
        needs.category,
        needs.product_category,
        needs.month_number

),

summed as (

    select
        counted.category,
        counted.product_category,
        sum(case when counted.month_number = last_month.month_number then counted.needs else 0 end) as needs,
        sum(case when counted.month_number < last_month.month_number then counted.needs else 0 end)
            as needs_before,
        sum(case when counted.month_number < last_month.month_number then counted.needs * counted.needs else 0 end)
            as squares_before,
        last_month.as_of,
        last_month.month_starts_on,
        last_month.demand_months,
        last_month.demand_least_needs,
        last_month.demand_spreads
    from counted
    cross join last_month
    cross join history
    where
        counted.month_number between last_month.month_number - last_month.demand_months and last_month.month_number
        and history.first_month < last_month.month_number - last_month.demand_months
    group by
        counted.category,
        counted.product_category,
        last_month.as_of,
        last_month.month_starts_on,
        last_month.demand_months,
        last_month.demand_least_needs,
        last_month.demand_spreads

),

judged as (

    select
        summed.*,
        summed.needs_before * 1.0 / summed.demand_months as usual,
        (summed.squares_before - summed.needs_before * 1.0 * summed.needs_before / summed.demand_months)
        / (summed.demand_months - 1) as variance
    from summed

),

bounded as (

    select
        judged.*,
        greatest(0, judged.usual - judged.demand_spreads * sqrt(greatest(judged.variance, judged.usual)))
            as least_usual,
        judged.usual + judged.demand_spreads * sqrt(greatest(judged.variance, judged.usual)) as most_usual
    from judged
    where judged.usual >= judged.demand_least_needs

)

select
    bounded.as_of,
    bounded.month_starts_on,
    bounded.category,
    category_names.label_zh as category_label_zh,
    category_names.label_en as category_label_en,
    bounded.product_category,
    product_names.label_zh as product_category_label_zh,
    product_names.label_en as product_category_label_en,
    coalesce(responsibilities.accountable_department, {{ unknown_member() }}) as owner_department,
    department_names.label_zh as owner_department_label_zh,
    department_names.label_en as owner_department_label_en,
    cast(bounded.needs as bigint) as needs,
    cast(bounded.usual as double) as usual,
    cast(bounded.least_usual as double) as least_usual,
    cast(bounded.most_usual as double) as most_usual,
    bounded.as_of < {{ add_days(add_months('bounded.month_starts_on', 1), 'parameters.demand_news_days') }} as is_news
from bounded
cross join parameters
left join responsibilities on bounded.category = responsibilities.category
left join labels as category_names
    on
        category_names.group_by = 'category'
        and bounded.category = category_names.group_value
left join labels as product_names
    on
        product_names.group_by = 'product_category'
        and bounded.product_category = product_names.group_value
left join labels as department_names
    on
        department_names.group_by = 'owner_department'
        and coalesce(responsibilities.accountable_department, {{ unknown_member() }}) = department_names.group_value
where bounded.needs < bounded.least_usual or bounded.needs > bounded.most_usual
