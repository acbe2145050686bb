{#-
  Whether a customer's attributes (with tier and age) meet a row of the seed segments: every condition the row sets. An
  unknown attribute meets no condition.
-#}
{% macro meets_segment(customer, segment) -%}
    (
        ({{ segment }}.value_tier is null or {{ customer }}.value_tier = {{ segment }}.value_tier)
        and (
            {{ segment }}.occupations is null
            or '|' || {{ segment }}.occupations || '|' like '%|' || {{ customer }}.occupation || '|%'
        )
        and ({{ segment }}.min_age is null or {{ customer }}.age >= {{ segment }}.min_age)
        and ({{ segment }}.max_age is null or {{ customer }}.age <= {{ segment }}.max_age)
        and ({{ segment }}.min_children is null or {{ customer }}.children_count >= {{ segment }}.min_children)
    )
{%- endmacro %}
