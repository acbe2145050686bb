{#-
  APE: the annual premium, weighted by its payment mode (seed payment_modes). The premium is widened first: DuckDB would
  keep the product in 18 digits and fail on a premium of 10¹² or more.
-#}
{% macro annual_premium_equivalent(annual_premium, ape_weight) -%}
    cast(cast({{ annual_premium }} as decimal(20, 2)) * {{ ape_weight }} as decimal(26, 6))
{%- endmacro %}
