{#-
  Whether a policy (with the customer's age at issue) meets a row of the seed double_record_rules: every condition the
  row sets. An unknown attribute meets no condition; cover without a term is for life.
-#}
{% macro meets_double_record_rule(policy, rule) -%}
    (
        ({{ rule }}.min_age_at_issue is null or {{ policy }}.age_at_issue >= {{ rule }}.min_age_at_issue)
        and (
            {{ rule }}.product_categories is null
            or '|' || {{ rule }}.product_categories || '|' like '%|' || {{ policy }}.product_category || '|%'
        )
        and ({{ rule }}.sales_channel is null or {{ policy }}.sales_channel = {{ rule }}.sales_channel)
        and (
            {{ rule }}.cover_longer_than_years is null
            or {{ policy }}.coverage_term_years is null
            or {{ policy }}.coverage_term_years > {{ rule }}.cover_longer_than_years
        )
    )
{%- endmacro %}
