{#- The product categories of the source contract, in display order. -#}
{% macro product_categories() %}
    {% do return([
        'whole_life', 'term_life', 'annuity', 'pension', 'endowment', 'education', 'critical_illness', 'medical', 'accident',
        'participating', 'universal', 'unit_linked', 'property'
    ]) %}
{% endmacro %}
