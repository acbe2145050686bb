{#-
  Runs of the same kind, customer and category are at least a day apart, otherwise they would be one; none is
  empty.
-#}
with

warnings as (

    select
        kind,
        customer_key,
        product_category,
        opened_on,
        closed_on,
        is_open,
        days_open,
        lag(closed_on) over (partition by kind, customer_key, product_category order by opened_on) as closed_before_on,
        lag(opened_on) over (partition by kind, customer_key, product_category order by opened_on) as opened_before_on
    from {{ ref('fct_warning') }}

)

select *
from warnings
where
    days_open < 1
    or is_open <> (closed_on is null)
    or (opened_before_on is not null and (closed_before_on is null or closed_before_on >= opened_on))
