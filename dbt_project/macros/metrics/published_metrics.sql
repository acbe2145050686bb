{#-
  The published metrics, in display order: the metrics of the semantic definitions whose config.meta names a
  section. Metrics without one are building blocks (numerators, denominators). Empty while dbt parses.
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
