{#-
  Whether a customer's attributes meet a row of the seed value_tiers: any of its thresholds; a row without
  thresholds matches everyone.
-#}
{% macro meets_value_tier(customer, tier) -%}
    (
        {{ customer }}.aum >= {{ tier }}.min_aum
        or {{ customer }}.annual_income >= {{ tier }}.min_annual_income
        or ({{ tier }}.min_aum is null and {{ tier }}.min_annual_income is null)
    )
{%- endmacro %}
