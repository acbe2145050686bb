{#-
  Reads the raw tables rather than staging: the load time matters, and staging has neither replaced versions nor voided
  events. Where nothing is restated, it reads little more than the load column.
-#}
{%- set tables = delivered_tables() -%}

-- depends_on: {{ ref('stg_pipeline__customer_keys') }}
with

restated_quarters as (

    select * from {{ ref('fct_restated_quarter') }}

),

first_closing as (

    select
        min(load_id) as load_id,
        min(as_of_end) as as_of_end
    from restated_quarters

)
{%- for table in tables -%}
,
{{ rows_after_closing(table.system, table.name, source(table.system, table.name)) }}
{%- endfor %}

{% for table in tables -%}
select
    quarter,
    source_table,
    row_key,
    kind,
    file,
    line,
    load_id,
    loaded_at,
    happened_at,
    falls_in_quarter,
    changed_columns
from {{ table.system }}__{{ table.name }}
{%- if not loop.last %}
union all
{% endif %}
{%- endfor %}
