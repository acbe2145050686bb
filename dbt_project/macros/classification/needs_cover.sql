{#-
  Whether a customer's attributes meet a row of the seed coverage_rules: every condition the row sets. Ages are handled
  as dates in macros/classification/needs_cover_from.sql. An unknown attribute meets no condition.
-#}
{% macro needs_cover(customer, rule) -%}
    (
        ({{ rule }}.value_tier is null or {{ customer }}.value_tier = {{ rule }}.value_tier)
        and (
            {{ rule }}.occupations is null
            or '|' || {{ rule }}.occupations || '|' like '%|' || {{ customer }}.occupation || '|%'
        )
        and ({{ rule }}.with_income is null or {{ customer }}.annual_income > 0)
        and (
            {{ rule }}.with_dependants is null
            or {{ customer }}.children_count >= 1
            or {{ customer }}.marital_status = 'married'
        )
        and (coalesce({{ rule }}.min_age, {{ rule }}.max_age) is null or {{ customer }}.birth_date is not null)
        and ({{ rule }}.child_under_age is null or {{ customer }}.youngest_child_birth_date is not null)
    )
{%- endmacro %}
