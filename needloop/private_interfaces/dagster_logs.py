"""What Dagster logs of steps that it skips."""

from __future__ import annotations

import logging

PLAN_LOGGER = "dagster._core.execution.plan.active"


def quiet_about_skipped_steps() -> None:
    """Where nothing is new, all steps after landing are skipped, and Dagster warns of each check without a result."""
    logging.getLogger(PLAN_LOGGER).setLevel(logging.ERROR)
