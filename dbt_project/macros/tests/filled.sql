{#- Columns without a gap, in one test: a test a column would cost a run a node each. -#}
{% test filled(model, columns) %}

select
    {{ columns | join(', ') }}
from {{ model }}
where
    {{ columns | join(' is null or ') }} is null

{% endtest %}
