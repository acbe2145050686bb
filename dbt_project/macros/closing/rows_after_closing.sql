{#-
  The rows of one raw table that arrived after a quarter was closed and may change its numbers, as a CTE named
  <system>__<table>: one row per restated quarter and raw row. Reads the CTEs restated_quarters and first_closing.

  The table's config.meta says
  key         its key columns
  dates       the columns that say when it happened; without it every date and timestamp column but updated_at
  version_at  end_of_period where a period looks at the version valid at its end rather than at the one known at as_of

  A row concerns a closed quarter when
  late       its key is new, and it happened (its earliest date) before the quarter's end; or no date tells
  voided     it takes back an event that was there, and which happened before that
  deleted    it deletes a row that was there, and which happened before that
  corrected  it changes a row that was there: a date that was, or becomes, earlier than the quarter's end; or, when no
             date changes, an attribute. (A row that changes dates only beyond the quarter's end reports something that
             happened later, and its status with it.)

  A version that was there already, but was written later than the date of the closed release, counts as one that came
  after: it was not in force then. One that is written later than the date of now is not in force yet; only its dates
  count.

  Rows from before the quarter are among them, as a need that was raised before it may be open in it. falls_in_quarter
  tells the rows of which a date lies, or lay, in the quarter itself.

  row_key leaves out the customer's id, which is never published. File and line name the row all the same.
-#}
{% macro rows_after_closing(system, table, relation) %}
    {%- set description = source_description(system, table) -%}
    {%- set key = description.key | join(', ') -%}
    {%- set name = system ~ '__' ~ table -%}

{{ name }}_touched as (

    select *
    from {{ relation }}
    where ({{ key }}) in (
        select {{ key }}
        from {{ relation }}
        where
            _load_id > (select load_id from first_closing)
        {%- if not description.is_append %}
            or updated_at >= (select as_of_end from first_closing)
        {%- endif %}
    )

),

{%- if description.is_append %}

{{ name }}_events as (

    select
        *,
        '' as changed_columns,
        min({{ earliest_of(description.dates) }}) over (partition by {{ key }}) as happened_at,
        min(case when not coalesce(void, false) then _load_id end) over (partition by {{ key }}) as event_load_id,
        min(case when void then _load_id end) over (partition by {{ key }}) as void_load_id
    from {{ name }}_touched

),

{{ name }}_concerned as (

    select
        restated.quarter,
        touched.happened_at >= restated.quarter_start as falls_in_quarter,
        case when touched.void then 'voided' else 'late' end as kind,
        touched.*
    from {{ name }}_events as touched
    inner join restated_quarters as restated
        on
            touched._load_id > restated.load_id
            and touched.happened_at < restated.quarter_end
            and case
                when touched.void then touched.event_load_id <= restated.load_id
                else touched.void_load_id is null
            end

),

{%- else %}

{{ name }}_numbered as (

    select
        *,
        row_number() over (partition by {{ key }} order by updated_at, _load_id, _line) as turn,
        min(_load_id) over (partition by {{ key }}) as key_load_id
    from {{ name }}_touched

),

{{ name }}_compared as (

    select
        version.*,
        {{ earliest_of(description.dates, 'version') }} as happened_at,
        {{ earliest_of(description.dates, 'version', 'neighbour') }} as earliest_change_at,
        concat_ws(
            ', '
        {%- for column in description.content %},
            case when version.{{ column }} is distinct from neighbour.{{ column }} then '{{ column }}' end
        {%- endfor %}
        ) as changed_columns
    from {{ name }}_numbered as version
    left join {{ name }}_numbered as neighbour
        on
            {%- for column in description.key %}
            version.{{ column }} = neighbour.{{ column }}
            and
            {%- endfor %} neighbour.turn = case when version.turn = 1 then 2 else version.turn - 1 end

),

{{ name }}_concerned as (

    select
        restated.quarter,
        coalesce(touched.earliest_change_at >= restated.quarter_start, false)
        or coalesce(
            touched.happened_at >= restated.quarter_start and touched.happened_at < restated.quarter_end, false
        ) as falls_in_quarter,
        case
            when touched.deleted then 'deleted'
            when touched.key_load_id > restated.load_id then 'late'
            else 'corrected'
        end as kind,
        touched.*
    from {{ name }}_compared as touched
    inner join restated_quarters as restated
        on
            (
                touched._load_id > restated.load_id
                or (touched.updated_at >= restated.as_of_end and touched.updated_at < restated.as_of_end_now)
            )
            and case
                when touched.deleted or (touched.turn = 1 and touched.key_load_id > restated.load_id)
                    then coalesce(touched.happened_at < restated.quarter_end, true)
                when touched.changed_columns = '' then false
                when touched.earliest_change_at is not null
                    then touched.earliest_change_at < restated.quarter_end
                when touched.updated_at >= restated.as_of_end_now then false
            {%- if description.version_at == 'end_of_period' %}
                when touched.turn > 1 then touched.updated_at < restated.quarter_end
            {%- endif %}
                else coalesce(touched.happened_at < restated.quarter_end, true)
            end

),

{%- endif %}

{{ name }} as (

    select
        concerned.quarter,
        '{{ system }}.{{ table }}' as source_table,
        {% if description.key == ['customer_id'] -%}
        customer_keys.customer_key
        {%- else -%}
        concat_ws('/'{% for column in description.key %}, cast(concerned.{{ column }} as {{ dbt.type_string() }}){% endfor %})
        {%- endif %} as row_key,
        concerned.kind,
        concerned._file as file,
        concerned._line as line,
        concerned._load_id as load_id,
        concerned._loaded_at as loaded_at,
        concerned.happened_at,
        concerned.falls_in_quarter,
        case when concerned.kind = 'corrected' then concerned.changed_columns end as changed_columns
    from {{ name }}_concerned as concerned
    {%- if description.key == ['customer_id'] %}
    left join {{ ref('stg_pipeline__customer_keys') }} as customer_keys
        on concerned.customer_id = customer_keys.customer_id
    {%- endif %}

)
{%- endmacro %}


{#- Key, dates and compared columns of a raw table, as its source declares them. Unknown while dbt parses. -#}
{% macro source_description(system, table) %}
    {% set described = {'key': ['_file'], 'dates': [], 'content': [], 'is_append': false, 'version_at': none} %}
    {% if execute %}
        {% set declared = (graph.sources.values() | selectattr('source_name', 'equalto', system) | selectattr('name', 'equalto', table) | list)[0] %}
        {% set meta = declared.config.meta %}
        {% set dates = [] %}
        {% set content = [] %}
        {% for column in declared.columns.values() if not column.name.startswith('_') and column.name not in ['updated_at', 'void'] %}
            {% if column.name not in meta.key %}
                {% do content.append(column.name) %}
            {% endif %}
            {% if column.data_type in ['date', 'timestamp'] %}
                {% do dates.append(column.name) %}
            {% endif %}
        {% endfor %}
        {% do described.update({
            'key': meta.key, 'dates': meta.get('dates') or dates, 'content': content,
            'is_append': 'void' in declared.columns, 'version_at': meta.get('version_at'),
        }) %}
    {% endif %}
    {% do return(described) %}
{% endmacro %}


{#-
  The earliest of some date columns of `row`, as a timestamp. With `other` the earliest of those that differ between the
  two rows, looking at both. `least` passes over nulls, and is null when there is nothing else.
-#}
{% macro earliest_of(columns, row=none, other=none) -%}
    {%- set terms = [] -%}
    {%- for column in columns -%}
        {%- set here = 'cast(' ~ (row ~ '.' if row else '') ~ column ~ ' as timestamp)' -%}
        {%- if other -%}
            {%- set there = 'cast(' ~ other ~ '.' ~ column ~ ' as timestamp)' -%}
            {%- do terms.append('case when ' ~ here ~ ' is distinct from ' ~ there ~ ' then least(' ~ here ~ ', ' ~ there ~ ') end') -%}
        {%- else -%}
            {%- do terms.append(here) -%}
        {%- endif -%}
    {%- endfor -%}
    least({{ (terms + ['cast(null as timestamp)']) | join(', ') }})
{%- endmacro %}
