{#- A file refused more than once on the same day counts once. -#}
with

loads as (

    select
        *,
        cast(loaded_at as date) as loaded_on
    from {{ ref('stg_landing__loads') }}

)

select
    loaded_on,
    table_name,
    {{ dbt.split_part('table_name', "'.'", 1) }} as system, -- noqa: RF04
    count(distinct case when status = 'taken' then file end) as files_taken,
    count(distinct case when status = 'refused' then file end) as files_refused,
    cast(coalesce(sum(case when status = 'taken' then rows_in_file end), 0) as bigint) as rows_in_files,
    cast(coalesce(sum(loaded), 0) as bigint) as loaded,
    cast(coalesce(sum(ignored), 0) as bigint) as ignored,
    cast(coalesce(sum(rejected), 0) as bigint) as rejected
from loads
group by
    loaded_on,
    table_name
