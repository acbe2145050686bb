"""Unwrap the error that a step raised from Dagster's wrappers."""

from __future__ import annotations

import dagster as dg
from dagster_shared.error import SerializableErrorInfo

WRAPPERS = {"DagsterExecutionStepExecutionError", "DagsterResourceFunctionError", "DagsterAssetCheckFailedError"}

__all__ = ["WRAPPERS", "SerializableErrorInfo", "error_of", "innermost"]


def error_of(event: dg.DagsterEvent) -> SerializableErrorInfo | None:
    """An event's error, None if it has none."""
    error = getattr(event.event_specific_data, "error", None)
    return error if isinstance(error, SerializableErrorInfo) else None


def innermost(error: SerializableErrorInfo) -> SerializableErrorInfo:
    """The error inside the wrappers."""
    while error.cause is not None and error.cls_name in WRAPPERS:
        error = error.cause
    return error
