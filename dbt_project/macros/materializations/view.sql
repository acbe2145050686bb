{#- Replaces a view in a single transaction; see table.sql. -#}
{% materialization view, adapter='duckdb' %}

    {%- set target_relation = this.incorporate(type='view') -%}

    {{ run_hooks(pre_hooks) }}

    {% call statement('main') -%}
        {{ drop_what_is_there(this) }}
        {{ create_view_as(target_relation, compiled_code) }}
    {%- endcall %}

    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({'relations': [target_relation]}) }}

{% endmaterialization %}
