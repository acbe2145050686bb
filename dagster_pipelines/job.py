"""The one job: everything from the landing zone to the report, step by step in one process."""

from __future__ import annotations

import dagster as dg

# A process per step would spend seconds on imports, and the steps would compete for the lock of the warehouse file.
pipeline_job = dg.define_asset_job(
    "pipeline",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="Loads new files from the landing zone, checks them, builds the marts, publishes a release.",
)
