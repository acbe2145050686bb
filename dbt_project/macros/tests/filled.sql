{#- Columns without nulls, in one test: one test per column would add a node each to every run. -#}
{% test filled(model, columns) %}

select
    {{ columns | join(', ') }}
from {{ model }}
where
    {{ columns | join(' is null or ') }} is null

{% endtest %}
