{#-
  The units of each experiment. A unit assigned to an arm twice counts from the first time; a unit assigned to both arms
  is in both and voids the experiment. Items count from the moment of assignment to the end of the experiment, as far as
  they can be watched for the parameter experiment_watch_days.
-#}
with

experiments as (

    select * from {{ ref('int_experiments') }}

),

assignments as (

    select * from {{ ref('int_assignments') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

parameters as (

    select * from {{ ref('int_parameters') }}

),

units as (

    select
        experiment_id,
        unit_id,
        variant,
        min(assigned_at) as assigned_at
    from assignments
    group by
        experiment_id,
        unit_id,
        variant

),

with_ends as (

    select
        experiments.experiment_id,
        experiments.unit,
        experiments.primary_metric,
        experiments.need_category,
        as_of.as_of_end,
        cast({{ dbt.dateadd('day', 1, 'experiments.ended_on') }} as timestamp) as ended_at,
        {{ dbt.dateadd('day', '-1 * parameters.experiment_watch_days', 'as_of.as_of_end') }} as watched_from_until
    from experiments
    cross join as_of
    cross join parameters

)

select
    units.experiment_id,
    units.unit_id,
    units.variant,
    units.assigned_at,
    with_ends.unit,
    with_ends.primary_metric,
    with_ends.need_category,
    count(*) over (partition by units.experiment_id, units.unit_id) > 1 as is_in_both_arms,
    least(coalesce(with_ends.ended_at, with_ends.watched_from_until), with_ends.watched_from_until)
        as watched_items_until,
    least(coalesce(with_ends.ended_at, with_ends.as_of_end), with_ends.as_of_end) as answers_until
from units
inner join with_ends on units.experiment_id = with_ends.experiment_id
