with

restated_numbers as (

    select * from {{ ref('fct_restated_number') }}

),

restated_quarters as (

    select * from {{ ref('fct_restated_quarter') }}

),

causes as (

    select * from {{ ref('fct_restatement_cause') }}

),

labels as (

    select * from {{ ref('labels') }}

),

counted as (

    select
        quarter,
        metric,
        kind,
        cause_name,
        count(file) as rows_found
    from causes
    group by
        quarter,
        metric,
        kind,
        cause_name

),

worded as (

    select
        counted.*,
        labels.sort_order,
        concat(
            coalesce(labels.label_zh, counted.kind), '：', counted.cause_name,
            case
                when counted.rows_found > 0
                    then concat('（', cast(counted.rows_found as {{ dbt.type_string() }}), ' 行）')
                else ''
            end
        ) as words_zh,
        concat(
            coalesce(labels.label_en, counted.kind), ': ', counted.cause_name,
            case
                when counted.rows_found > 0
                    then concat(' (', cast(counted.rows_found as {{ dbt.type_string() }}), ')')
                else ''
            end
        ) as words_en
    from counted
    left join labels
        on
            labels.group_by = 'restatement_cause'
            and counted.kind = labels.group_value

),

of_metric as (

    select
        quarter,
        metric,
        sum(rows_found) as cause_rows,
        {{ dbt.listagg('words_zh', "'；'", 'order by sort_order, cause_name') }} as cause_zh,
        {{ dbt.listagg('words_en', "'; '", 'order by sort_order, cause_name') }} as cause_en
    from worded
    group by
        quarter,
        metric

)

select
    restated_numbers.quarter,
    restated_numbers.metric,
    restated_numbers.period_type,
    restated_numbers.period,
    restated_numbers.group_by,
    restated_numbers.group_value,
    restated_numbers.old_numerator,
    restated_numbers.old_denominator,
    restated_numbers.old_value,
    restated_numbers.old_n,
    restated_numbers.new_numerator,
    restated_numbers.new_denominator,
    restated_numbers.new_value,
    restated_numbers.new_n,
    restated_quarters.release_id as closed_release_id,
    restated_quarters.closed_at,
    cast(of_metric.cause_rows as bigint) as cause_rows,
    of_metric.cause_zh,
    of_metric.cause_en
from restated_numbers
inner join restated_quarters on restated_numbers.quarter = restated_quarters.quarter
left join of_metric
    on
        restated_numbers.quarter = of_metric.quarter
        and restated_numbers.metric = of_metric.metric
order by
    restated_numbers.quarter,
    restated_numbers.metric,
    restated_numbers.period,
    restated_numbers.group_by,
    restated_numbers.group_value
