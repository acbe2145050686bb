"""The exit codes of `needloop`, for schedulers: 0 success, 1 error, 2 closed gate."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

EXIT_ERROR = 1
EXIT_GATE_CLOSED = 2


class Commands(click.Group):
    """A group in which usage errors exit like any other error; click alone would exit with 2."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Parse the group's own options."""
        with _usage_errors_exit_with_1():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Parse the command's name and options, and run it."""
        with _usage_errors_exit_with_1():
            return super().invoke(ctx)


@contextmanager
def _usage_errors_exit_with_1() -> Iterator[None]:
    try:
        yield
    except click.UsageError as error:
        error.exit_code = EXIT_ERROR  # type: ignore[misc]  # click reads it from the error instance
        raise
