"""The gate: whether the results allow the run to go on, and the sentences that say why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from expectations.results import CheckResult, failed


@dataclass(frozen=True)
class GateDecision:
    """Open: nothing that blocks has failed. The sentences say what broke, where, in how many rows, what to do."""

    open: bool
    blocking: tuple[CheckResult, ...]
    warnings: tuple[CheckResult, ...]
    sentences_zh: tuple[str, ...]
    sentences_en: tuple[str, ...]


def gate(results: Sequence[CheckResult]) -> GateDecision:
    """Decides on the results of one stage. No results at all is a fault of the caller: ValueError."""
    if not results:
        raise ValueError("The gate was given no results: run the checks first.")
    blocking = failed(results, "blocking")
    return GateDecision(
        open=not blocking,
        blocking=blocking,
        warnings=failed(results, "warning"),
        sentences_zh=tuple(
            f"{one.table_name}：{one.label_zh}——未通过。{one.message_zh}处理：{one.remedy_zh}（负责：{one.owner}）"
            for one in blocking
        ),
        sentences_en=tuple(
            f"{one.table_name}: {one.label_en} - failed. {one.message_en} To do: {one.remedy_en} (Owner: {one.owner})"
            for one in blocking
        ),
    )
