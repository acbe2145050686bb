{#-
  A column of dates from `starts_on` to `ends_on` (both included, both date expressions of the query it stands in),
  a whole number of months or days apart. Only in a select list.
-#}
{% macro date_range(starts_on, ends_on, step, unit) -%}
    {{ return(adapter.dispatch('date_range', 'needloop')(starts_on, ends_on, step, unit)) }}
{%- endmacro %}

{% macro default__date_range(starts_on, ends_on, step, unit) -%}
    cast(unnest(generate_series({{ starts_on }}, {{ ends_on }}, interval '{{ step }}' {{ unit }})) as date)
{%- endmacro %}

{% macro spark__date_range(starts_on, ends_on, step, unit) -%}
    explode(sequence({{ starts_on }}, {{ ends_on }}, interval '{{ step }}' {{ unit }}))
{%- endmacro %}
