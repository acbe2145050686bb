with

source as (

    select * from {{ source('experiment', 'experiments') }}

),

versions as (

    {{ versions_of('source', key=['experiment_id']) }}

),

renamed as (

    select
        experiment_id,
        name as experiment_name,
        measure,
        need_category,
        unit,
        primary_metric,
        started_on,
        ended_on,
        expected_treatment_share,
        coalesce(deleted, false) as is_deleted,
        updated_at,
        valid_from,
        valid_to,
        is_first,
        is_current
    from versions

)

select * from renamed
