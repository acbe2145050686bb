with

source as (

    select * from {{ source('training', 'appraisals') }}

),

versions as (

    {{ versions_of('source', key=['appraisal_id']) }}

),

renamed as (

    select
        appraisal_id,
        staff_id,
        period,
        supervisor_score,
        teamwork_score,
        coalesce(deleted, false) as is_deleted,
        updated_at,
        valid_from,
        valid_to,
        is_first,
        is_current
    from versions

)

select * from renamed
