{#-
  What the semantic definitions say about the metrics made of one semantic model's measures, as
  macros/metrics/metric_rows.sql needs it:

  groups    names of its categorical dimensions, each a grouping
  measures  name, expression and aggregation of each measure: a sum, `is_distinct` for a count of distinct values, `quantile` for
            percentiles
  metrics   name, numerator, denominator, quantile and n of each published metric, as expressions over the aggregated
            measures (a percentile has a second column, <name>_values, with the number of its values); and where the
            metric is not published for all groups and periods of the facts, as config.meta says: `groupings`, `all`
            among them or not; `period_types`; `first_period`, the number of the first reported period

  Empty while dbt parses, when the definitions are not known yet.
-#}
{% macro metric_definitions(semantic_model) %}
    {% set definitions = {'groups': [], 'measures': [], 'metrics': []} %}
    {% if not execute %}
        {% do return(definitions) %}
    {% endif %}

    {% set model = named_definition(graph.semantic_models, semantic_model) %}
    {% for dimension in model.dimensions if dimension.type == 'categorical' %}
        {% do definitions.groups.append(dimension.name) %}
    {% endfor %}

    {% set names = [] %}
    {% set percentiles = [] %}
    {% for measure in model.measures %}
        {% if measure.agg not in ['sum', 'count_distinct', 'percentile'] %}
            {% do exceptions.raise_compiler_error("Measure " ~ measure.name ~ " has agg: " ~ measure.agg ~ ". Use sum, count_distinct or percentile, or teach macros/metrics/metric_rows.sql the other.") %}
        {% endif %}
        {% do names.append(measure.name) %}
        {% if measure.agg == 'percentile' %}
            {% do percentiles.append(measure.name) %}
        {% endif %}
        {% do definitions.measures.append({
            'name': measure.name,
            'expression': measure.expr or measure.name,
            'is_distinct': measure.agg == 'count_distinct',
            'quantile': measure.agg_params.percentile if measure.agg == 'percentile' else none,
        }) %}
    {% endfor %}

    {% for metric in published_metrics() if metric.type_params.input_measures | map(attribute='name') | select('in', names) | list %}
        {% set counted_by = metric.config.meta.get('counted_by') %}
        {% set limits = {
            'groupings': metric.config.meta.get('groupings'),
            'period_types': metric.config.meta.get('period_types'),
            'first_period': metric.config.meta.get('first_period'),
        } %}
        {% if metric.type == 'ratio' %}
            {% set denominator = metric_expression(named_definition(graph.metrics, metric.type_params.denominator.name)) %}
            {% do definitions.metrics.append(dict({
                'name': metric.name,
                'numerator': metric_expression(named_definition(graph.metrics, metric.type_params.numerator.name)),
                'denominator': denominator,
                'quantile': 'null',
                'n': counted_by or denominator,
            }, **limits)) %}
        {% elif metric_expression(metric) in percentiles %}
            {% do definitions.metrics.append(dict({
                'name': metric.name,
                'numerator': 'null',
                'denominator': metric_expression(metric) ~ '_values',
                'quantile': metric_expression(metric),
                'n': metric_expression(metric) ~ '_values',
            }, **limits)) %}
        {% else %}
            {% do definitions.metrics.append(dict({
                'name': metric.name,
                'numerator': metric_expression(metric),
                'denominator': 'null',
                'quantile': 'null',
                'n': counted_by or metric_expression(metric),
            }, **limits)) %}
        {% endif %}
    {% endfor %}
    {% do return(definitions) %}
{% endmacro %}


{#- The definition with this name among the metrics or semantic models of the project. -#}
{% macro named_definition(definitions, name) %}
    {% set found = definitions.values() | selectattr('name', 'equalto', name) | list %}
    {% if not found %}
        {% do exceptions.raise_compiler_error("Nothing is named '" ~ name ~ "'. Define it in models/semantic_definitions; a numerator or denominator also needs a metric of its own (create_metric: true on its measure).") %}
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
    {% do exceptions.raise_compiler_error("Metric " ~ metric.name ~ " is of type " ~ metric.type ~ ". A published metric is simple, derived, or a ratio of such.") %}
{% endmacro %}
