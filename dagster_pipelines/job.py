"""The one job: everything from the landing zone to the report, step by step in one process."""

from __future__ import annotations

import dagster as dg

# A process for each step would import for seconds, and the steps would fight over the warehouse file.
pipeline_job = dg.define_asset_job(
    "pipeline",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="Takes what is new in the landing zone, checks it, builds the marts, publishes a release.",
)
