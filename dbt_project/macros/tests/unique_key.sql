{#- A model's key: no column is null and no two rows share it. Returns the violating keys. -#}
{% test unique_key(model, columns) %}

select
    {{ columns | join(', ') }},
    count(*) as number_of_rows
from {{ model }}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {%- for column in columns %}
    or {{ column }} is null
    {%- endfor %}

{% endtest %}
