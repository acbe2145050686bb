with

versions as (

    select * from {{ ref('stg_experiment__experiments') }}

),

known as (

    {{ known_at_as_of(
        'versions',
        key=['experiment_id'],
        as_known=[
            'experiment_name', 'measure', 'need_category', 'unit', 'primary_metric',
            'expected_treatment_share'
        ],
        dated=['started_on'],
        planned=['ended_on'],
        happened='started_on'
    ) }}

)

select
    experiment_id,
    experiment_name,
    measure,
    need_category,
    unit,
    primary_metric,
    started_on,
    ended_on,
    expected_treatment_share
from known
