{#-
  For each restated metric: rows that arrived after the closing in its source tables, customer erasures from them, and
  changed inputs. If none explains it, the product version or as_of does; otherwise the cause is `unexplained`, so no
  restatement goes unreported.
-#}
with

restated_numbers as (

    select * from {{ ref('fct_restated_number') }}

),

restated_quarters as (

    select * from {{ ref('fct_restated_quarter') }}

),

rows_after_closing as (

    select * from {{ ref('fct_row_after_closing') }}

),

inputs_then as (

    select * from {{ ref('stg_closing__metric_inputs') }}

),

inputs_now as (

    select * from {{ ref('mart_metric_inputs') }}

),

erasures as (

    select * from {{ ref('stg_pipeline__erasures') }}

),

product as (

    select * from {{ ref('stg_pipeline__product') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

restated_metrics as (

    select distinct
        quarter,
        metric
    from restated_numbers

),

-- A withdrawn metric has no current inputs; its old inputs still name its source tables.
feeding_tables as (

    select
        metric,
        input_name as source_table
    from inputs_now
    where kind = 'source'
    union distinct
    select
        metric,
        input_name as source_table
    from inputs_then
    where kind = 'source'

),

from_rows as (

    select
        restated_metrics.quarter,
        restated_metrics.metric,
        rows_after_closing.kind,
        rows_after_closing.source_table as cause_name,
        rows_after_closing.row_key,
        rows_after_closing.file,
        rows_after_closing.line,
        rows_after_closing.load_id,
        rows_after_closing.loaded_at,
        rows_after_closing.happened_at,
        rows_after_closing.falls_in_quarter,
        rows_after_closing.changed_columns
    from restated_metrics
    inner join feeding_tables on restated_metrics.metric = feeding_tables.metric
    inner join rows_after_closing
        on
            restated_metrics.quarter = rows_after_closing.quarter
            and feeding_tables.source_table = rows_after_closing.source_table

),

-- An erasure is recorded to the second.
from_erasures as (

    select distinct
        restated_metrics.quarter,
        restated_metrics.metric,
        'erased' as kind,
        erasures.source_table as cause_name
    from restated_metrics
    inner join restated_quarters on restated_metrics.quarter = restated_quarters.quarter
    inner join feeding_tables on restated_metrics.metric = feeding_tables.metric
    inner join erasures
        on
            feeding_tables.source_table = erasures.source_table
            and {{ dbt.date_trunc('second', 'restated_quarters.closed_at') }} <= erasures.erased_at

),

restated_then as (

    select
        restated_metrics.quarter,
        restated_metrics.metric,
        inputs_then.kind,
        inputs_then.input_name as cause_name,
        inputs_then.fingerprint
    from restated_metrics
    inner join inputs_then
        on
            restated_metrics.quarter = inputs_then.quarter
            and restated_metrics.metric = inputs_then.metric
    where inputs_then.kind in ('definition', 'model', 'reference')

),

restated_now as (

    select
        restated_metrics.quarter,
        restated_metrics.metric,
        inputs_now.kind,
        inputs_now.input_name as cause_name,
        inputs_now.fingerprint
    from restated_metrics
    inner join inputs_now on restated_metrics.metric = inputs_now.metric
    where inputs_now.kind in ('definition', 'model', 'reference')

),

from_inputs as (

    select
        coalesce(restated_then.quarter, restated_now.quarter) as quarter,
        coalesce(restated_then.metric, restated_now.metric) as metric,
        coalesce(restated_then.kind, restated_now.kind) as kind,
        coalesce(restated_then.cause_name, restated_now.cause_name) as cause_name
    from restated_then
    full outer join restated_now
        on
            restated_then.quarter = restated_now.quarter
            and restated_then.metric = restated_now.metric
            and restated_then.kind = restated_now.kind
            and restated_then.cause_name = restated_now.cause_name
    where restated_then.fingerprint is distinct from restated_now.fingerprint

),

explained as (

    select
        quarter,
        metric
    from from_rows
    union distinct
    select
        quarter,
        metric
    from from_erasures
    union distinct
    select
        quarter,
        metric
    from from_inputs

),

otherwise as (

    select
        restated_metrics.quarter,
        restated_metrics.metric,
        case
            when product.fingerprint <> restated_quarters.fingerprint then 'product'
            when as_of.as_of <> restated_quarters.as_of then 'as_of'
            else 'unexplained'
        end as kind,
        case
            when product.fingerprint <> restated_quarters.fingerprint
                then concat(restated_quarters.product_version, ' → ', product.product_version)
            when as_of.as_of <> restated_quarters.as_of
                then concat(
                    cast(restated_quarters.as_of as {{ dbt.type_string() }}),
                    ' → ',
                    cast(as_of.as_of as {{ dbt.type_string() }})
                )
            else restated_metrics.metric
        end as cause_name
    from restated_metrics
    inner join restated_quarters on restated_metrics.quarter = restated_quarters.quarter
    cross join as_of
    left join product on restated_quarters.fingerprint is not null
    left join explained
        on
            restated_metrics.quarter = explained.quarter
            and restated_metrics.metric = explained.metric
    where explained.metric is null

),

without_row as (

    select * from from_erasures
    union all
    select * from from_inputs
    union all
    select * from otherwise

)

select
    quarter,
    metric,
    concat(cast(load_id as {{ dbt.type_string() }}), '/', cast(line as {{ dbt.type_string() }})) as cause_key,
    kind,
    cause_name,
    row_key,
    file,
    line,
    load_id,
    loaded_at,
    happened_at,
    falls_in_quarter,
    changed_columns
from from_rows

union all

select
    quarter,
    metric,
    '' as cause_key,
    kind,
    cause_name,
    cast(null as {{ dbt.type_string() }}) as row_key,
    cast(null as {{ dbt.type_string() }}) as file,
    cast(null as bigint) as line,
    cast(null as bigint) as load_id,
    cast(null as timestamp) as loaded_at,
    cast(null as timestamp) as happened_at,
    cast(null as boolean) as falls_in_quarter,
    cast(null as {{ dbt.type_string() }}) as changed_columns
from without_row
