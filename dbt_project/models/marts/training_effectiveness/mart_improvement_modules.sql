{#-
  A quarter's modules and the products concerned. Low mastery hands a module back, unless few persons were
  assessed.
-#}
with

weaknesses as (

    select * from {{ ref('mart_improvement_loop') }}
    where module is not null

),

labels as (

    select * from {{ ref('dim_group_value') }}

),

modules as (

    select
        period,
        module,
        max(module_rank) as module_rank,
        max(module_share) as module_share,
        max(module_mastery_rate) as module_mastery_rate,
        max(module_assessed) as module_assessed,
        max(persons_trained_since) as persons_trained_since,
        max({{ flag('is_mastery_small') }}) = 1 as is_mastery_small,
        max({{ flag('is_handed_back_to_product and not is_mastery_small') }}) = 1 as is_handed_back_to_product
    from weaknesses
    group by
        period,
        module

),

products as (

    select distinct
        weaknesses.period,
        weaknesses.module,
        weaknesses.product_category,
        coalesce(labels.label_zh, weaknesses.product_category) as label_zh,
        coalesce(labels.label_en, weaknesses.product_category) as label_en
    from weaknesses
    left join labels
        on
            labels.group_by = 'product_category'
            and weaknesses.product_category = labels.group_value

),

products_of_modules as (

    select
        period,
        module,
        {{ dbt.listagg('label_zh', "'、'", 'order by label_zh') }} as products_zh,
        {{ dbt.listagg('label_en', "', '", 'order by label_en') }} as products_en
    from products
    group by
        period,
        module

)

select
    modules.period,
    modules.module,
    labels.label_zh as module_label_zh,
    labels.label_en as module_label_en,
    modules.module_rank,
    modules.module_share,
    modules.module_mastery_rate,
    modules.module_assessed,
    modules.persons_trained_since,
    modules.is_mastery_small,
    modules.is_handed_back_to_product,
    products_of_modules.products_zh,
    products_of_modules.products_en
from modules
inner join products_of_modules
    on
        modules.period = products_of_modules.period
        and modules.module = products_of_modules.module
left join labels
    on
        labels.group_by = 'module'
        and modules.module = labels.group_value
