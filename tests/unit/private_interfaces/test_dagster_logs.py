"""dagster_logs.py: the logger by which Dagster warns of steps that it skips."""

from __future__ import annotations

import logging

import pytest
from dagster._core.execution.plan import active

from needloop.private_interfaces.dagster_logs import PLAN_LOGGER, quiet_about_skipped_steps


def test_the_warnings_of_skipped_steps_are_silenced(caplog: pytest.LogCaptureFixture) -> None:
    level = logging.getLogger(PLAN_LOGGER).level
    try:
        quiet_about_skipped_steps()
        active.logger.warning("a check gave no result")
        assert not caplog.records, (
            "dagster._core.execution.plan.active logs under another name: a run that finds nothing new prints a "
            "warning for each of some hundred checks. Name the new logger in PLAN_LOGGER."
        )
    finally:
        logging.getLogger(PLAN_LOGGER).setLevel(level)
