"""The rules that write sentences about checks, deliveries and closed quarters."""

from __future__ import annotations

from dashboards.report.content.material import Material
from dashboards.report.content.model import Number, NumberFormat, Sentence, Verdict
from dashboards.report.release import ClosedQuarter


def checks(material: Material) -> Sentence | None:
    """How many checks passed, and which did not."""
    every, failed = material.rows("checks"), material.rows("failed_checks")
    if not every:
        return None
    blocking = sum(check.severity == "blocking" for check in failed)
    text = material.text(
        "sentence.checks_failed" if failed else "sentence.checks_passed",
        checks=len(every),
        passed=len(every) - len(failed),
        blocking=blocking,
        warnings=len(failed) - blocking,
    )
    rows = tuple(check.id for check in failed) or ("mart_quality_checks",)
    verdict = Verdict.BAD if blocking else Verdict.NEUTRAL if failed else Verdict.GOOD
    return Sentence("checks", "checks", text, rows, verdict)


def loads(material: Material) -> Sentence | None:
    """What was delivered, loaded, rejected and refused."""
    delivered = material.rows("loads")
    if not delivered:
        return None
    sums = {
        name: sum(getattr(load, field) for load in delivered)
        for name, field in (("files", "files_taken"), ("refused", "files_refused"), ("rows", "rows_in_files"))
    }
    sums |= {name: sum(getattr(load, name) for load in delivered) for name in ("loaded", "ignored", "rejected")}
    said = {name: material.say(Number(total, NumberFormat.COUNT)) for name, total in sums.items()}
    verdict = Verdict.BAD if sums["refused"] or sums["rejected"] else Verdict.GOOD
    return Sentence("loads", "loads", material.text("sentence.loads", **said), ("mart_source_loads",), verdict)


def closed_quarters(material: Material) -> list[Sentence]:
    """What was restated since the report's quarter and those it is compared with were closed."""
    return [_closed(material, one) for one in material.rows("closed_quarters")]


def _closed(material: Material, one: ClosedQuarter) -> Sentence:
    text = material.text(
        "restated.changed" if one.restated_numbers else "restated.unchanged",
        quarter=one.quarter,
        on=f"{material.local(one.closed_at):%Y-%m-%d}",
        release=one.release_id,
        numbers=f"{one.numbers:,}",
        restated=f"{one.restated_numbers:,}",
        metrics=one.restated_metrics,
    )
    verdict = Verdict.BAD if one.restated_numbers else Verdict.GOOD
    return Sentence(f"closed_{one.quarter}", "closed", text, (f"closed_quarter/{one.quarter}",), verdict)
