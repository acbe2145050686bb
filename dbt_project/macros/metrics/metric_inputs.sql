{#-
  Inputs of each published metric, as a list of [metric, kind, name, fingerprint]:

  definition  the metric's texts and arithmetic
  model       a model between the sources and the metric's facts
  reference   a seed that one of these reads
  source      a delivered table that one of these reads, as system.table

  A fingerprint detects changes; sources have none. The calendar (models/intermediate/time) reads every table for as_of
  and the first period; that does not make them inputs of every metric. Empty while dbt parses, when the definitions are
  not known yet.
-#}
{% macro metric_inputs() %}
    {% set inputs = [] %}
    {% set facts_known = {} %}
    {% for metric in published_metrics() %}
        {% set semantic_models = {} %}
        {% do semantic_models_of(metric, semantic_models) %}
        {% set measures = [] %}
        {% set nodes = {} %}
        {% for semantic_model in semantic_models.values() %}
            {% if semantic_model.unique_id not in facts_known %}
                {% set found = {} %}
                {% for parent in semantic_model.depends_on.nodes %}
                    {% do inputs_of_node(parent, found) %}
                {% endfor %}
                {% do facts_known.update({semantic_model.unique_id: found}) %}
            {% endif %}
            {% do nodes.update(facts_known[semantic_model.unique_id]) %}
            {% for measure in semantic_model.measures if measure.name in metric.type_params.input_measures | map(attribute='name') | list %}
                {% do measures.append([measure.name, measure.agg | string, measure.expr, measure.agg_params.percentile if measure.agg_params else none]) %}
            {% endfor %}
        {% endfor %}
        {% set said = {
            'description': metric.description, 'label': metric.label, 'type': metric.type | string, 'meta': metric.config.meta,
            'measures': measures | sort, 'arithmetic': arithmetic_of(metric)
        } %}
        {% do inputs.append([metric.name, 'definition', metric.name, local_md5(tojson(said, sort_keys=true))]) %}
        {% for input in nodes.values() %}
            {% do inputs.append([metric.name] + input) %}
        {% endfor %}
    {% endfor %}
    {% do return(inputs) %}
{% endmacro %}


{#-
  Names of what a metric is computed from: a ratio's two parts, a derived metric's expression, a simple one's
  measure.
-#}
{% macro arithmetic_of(metric) %}
    {% set parameters = metric.type_params %}
    {% do return([
        parameters.numerator.name if parameters.numerator else none,
        parameters.denominator.name if parameters.denominator else none,
        parameters.expr,
        parameters.measure.name if parameters.measure else none,
    ]) %}
{% endmacro %}


{#- Adds the semantic models in which a metric's measures stand, by their ids. -#}
{% macro semantic_models_of(metric, found) %}
    {% for parent in metric.depends_on.nodes %}
        {% if parent in graph.semantic_models %}
            {% do found.update({parent: graph.semantic_models[parent]}) %}
        {% elif parent in graph.metrics %}
            {% do semantic_models_of(graph.metrics[parent], found) %}
        {% endif %}
    {% endfor %}
{% endmacro %}


{#- Adds [kind, name, fingerprint] of a node and of everything upstream of it, by their ids. -#}
{% macro inputs_of_node(unique_id, found, within_calendar=false) %}
    {% if unique_id in found %}
        {% do return(none) %}
    {% endif %}
    {% if unique_id in graph.sources %}
        {% set source = graph.sources[unique_id] %}
        {% if source.schema == 'raw' and not within_calendar %}
            {% do found.update({unique_id: ['source', source.source_name ~ '.' ~ source.name, '']}) %}
        {% endif %}
        {% do return(none) %}
    {% endif %}
    {% set node = graph.nodes[unique_id] %}
    {% set is_calendar = node.path.startswith('intermediate/time/') %}
    {% set is_seed = node.resource_type == 'seed' %}
    {% if within_calendar and not (is_calendar or is_seed) %}
        {% do return(none) %}
    {% endif %}
    {% do found.update({unique_id: ['reference' if is_seed else 'model', node.name, node.checksum.checksum]}) %}
    {% for parent in node.depends_on.nodes %}
        {% do inputs_of_node(parent, found, is_calendar) %}
    {% endfor %}
{% endmacro %}
