"""Runs one function on several arguments, each in a process of its own: Python code only gains from more cores so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import TypeVar

from dashboards.report.errors import ReportError

Argument = TypeVar("Argument")
Result = TypeVar("Result")

# Threads of DuckDB do not survive a fork, so the processes start empty.
_processes = get_context("spawn")


def side_by_side(function: Callable[[Argument], Result], arguments: Sequence[Argument]) -> list[Result]:
    """The results in the order of the arguments; a single argument is worked on in this process.

    The function has to be importable by name. Raises the first ReportError that it raised, or one of its own when a
    process ended without a result. The processes end by themselves when this one is gone.
    """
    if len(arguments) == 1:
        return [function(arguments[0])]
    receivers = [_start(function, argument) for argument in arguments]
    outcomes = [_received(receiver) for receiver in receivers]
    for outcome in outcomes:
        if isinstance(outcome, ReportError):
            raise outcome
    return [outcome for outcome in outcomes if not isinstance(outcome, ReportError)]


def _start(function: Callable[[Argument], Result], argument: Argument) -> Connection[None, Result | ReportError]:
    receiver, sender = _processes.Pipe(duplex=False)
    _processes.Process(target=_work, args=(function, argument, sender), daemon=True).start()
    sender.close()  # only the process holds it, so that its end is seen here
    return receiver


def _work(
    function: Callable[[Argument], Result], argument: Argument, sender: Connection[Result | ReportError, None]
) -> None:
    try:
        sender.send(function(argument))
    except ReportError as error:
        sender.send(error)


def _received(receiver: Connection[None, Result | ReportError]) -> Result | ReportError:
    try:
        return receiver.recv()
    except EOFError:
        return ReportError(
            "A process that made the report ended before its work was done: see the lines above; when there are none, "
            "the machine was short of memory. Make one language at a time with `needloop report --lang`."
        )
