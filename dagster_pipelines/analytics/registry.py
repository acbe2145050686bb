"""The analyses of this product."""

from dagster_pipelines.analytics import before_after, experiments, training_effects
from dagster_pipelines.analytics.analysis import Analysis

ANALYSES: tuple[Analysis, ...] = (
    Analysis(
        name="before_after",
        reads=("int_before_after_pairs",),
        inputs=before_after.INPUTS,
        results={"before_after": before_after.SCHEMA},
        estimate=lambda inputs: {"before_after": before_after.before_after(inputs)},
    ),
    Analysis(
        name="training_effects",
        reads=("int_effect_panel",),
        inputs=training_effects.INPUTS,
        results={
            "training_effects": training_effects.EFFECTS,
            "training_effect_months": training_effects.EVENTS,
        },
        estimate=lambda inputs: dict(
            zip(("training_effects", "training_effect_months"), training_effects.training_effects(inputs), strict=True)
        ),
    ),
    Analysis(
        name="experiments",
        reads=("int_experiments", "int_experiment_units", "int_experiment_items", "int_as_of", "int_parameters"),
        inputs=experiments.INPUTS,
        results={"experiment_results": experiments.SCHEMA},
        estimate=lambda inputs: {"experiment_results": experiments.experiment_results(inputs)},
    ),
)
