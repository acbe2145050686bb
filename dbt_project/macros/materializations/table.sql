{#- Replaces a table in a single transaction. dbt-duckdb's own builds it under another name
    and renames twice, which costs four more statements a model and on small ones more time than the model itself.
    DuckDB drops and creates in one transaction, so readers of another connection see the table before or the table
    after. -#}
{% materialization table, adapter='duckdb' %}

    {%- set target_relation = this.incorporate(type='table') -%}

    {{ run_hooks(pre_hooks) }}

    {% call statement('main') -%}
        {{ drop_what_is_there(this) }}
        {{ create_table_as(False, target_relation, compiled_code) }}
    {%- endcall %}

    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({'relations': [target_relation]}) }}

{% endmaterialization %}
