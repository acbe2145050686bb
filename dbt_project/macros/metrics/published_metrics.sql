{#-
  The published metrics, in their order of display: the metrics of the semantic definitions whose config.meta names a
  section. Metrics without one are building blocks (a numerator, a denominator) of these. Empty while dbt parses.
-#}
{% macro published_metrics() %}
    {% set published = [] %}
    {% if execute %}
        {% for metric in graph.metrics.values() if metric.config.meta.get('section') %}
            {% do published.append(metric) %}
        {% endfor %}
    {% endif %}
    {% do return(published | sort(attribute='config.meta.display_order')) %}
{% endmacro %}


{#- A metric of the semantic definitions by its name. -#}
{% macro metric_named(name) %}
    {% set found = graph.metrics.values() | selectattr('name', 'equalto', name) | list %}
    {% if not found %}
        {% do exceptions.raise_compiler_error("No metric is named '" ~ name ~ "'. Define it in models/semantic_definitions, or give its measure create_metric: true.") %}
    {% endif %}
    {% do return(found[0]) %}
{% endmacro %}


{#-
  A simple or derived metric as an expression over aggregated measures, each a column of its own name. A derived
  metric's own expression already names these columns, as its inputs are metrics of single measures.
-#}
{% macro metric_expression(metric) %}
    {% if metric.type == 'simple' %}
        {% do return(metric.type_params.measure.name) %}
    {% elif metric.type == 'derived' %}
        {% do return('(' ~ metric.type_params.expr ~ ')') %}
    {% endif %}
    {% do exceptions.raise_compiler_error("Metric " ~ metric.name ~ " is of type " ~ metric.type ~ ". Its numerator, denominator or itself has to be simple or derived from simple metrics.") %}
{% endmacro %}


{#- The names of all measures that a metric is made of. -#}
{% macro measures_of(metric) %}
    {% do return(metric.type_params.input_measures | map(attribute='name') | list) %}
{% endmacro %}
