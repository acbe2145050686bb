"""What the exit codes of `needloop` mean, for schedulers: 0 well, 1 an error, 2 a gate is closed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

EXIT_ERROR = 1
EXIT_GATE_CLOSED = 2


class Commands(click.Group):
    """A group whose wrongly written commands end as any other error; click itself would end them with 2."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Reads the group's own options."""
        with _wrong_use_is_an_error():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Reads the command's name and options, and does it."""
        with _wrong_use_is_an_error():
            return super().invoke(ctx)


@contextmanager
def _wrong_use_is_an_error() -> Iterator[None]:
    try:
        yield
    except click.UsageError as error:
        error.exit_code = EXIT_ERROR  # type: ignore[misc]  # click reads it off the error, where it may differ
        raise
