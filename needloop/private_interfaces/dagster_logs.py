"""Dagster's log messages about skipped steps."""

from __future__ import annotations

import logging

PLAN_LOGGER = "dagster._core.execution.plan.active"


def quiet_about_skipped_steps() -> None:
    """Silence Dagster's warning for each check without a result, which is normal when nothing is new."""
    logging.getLogger(PLAN_LOGGER).setLevel(logging.ERROR)
