"""Which faults are caught, missed, and what alarms come without any: `make faults-check`, some fifteen minutes.

A sample bank delivers day by day. The last thirty clean days are checked one by one and must give no alarm; then each
fault of the catalogue is delivered on the next day, to a copy of the warehouse. With --write the table goes to
docs/quality-faults.md. Ends with 1 when a fault was missed or a clean day gave an alarm.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from expectations.catalogue import owners
from tests.faults.catalogue import CATALOGUE
from tests.faults.daily_bank import DailyBank
from tests.faults.history import deliver_history
from tests.faults.injection import Outcome, inject

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "quality-faults.md"


def main() -> int:
    """Runs the exercise as the command line says; gives the exit code."""
    parser = argparse.ArgumentParser(description="injects every fault of the catalogue and says which are caught")
    parser.add_argument("--scale", type=float, default=5.0, help="size of the sample bank")
    parser.add_argument("--days", type=int, default=92, help="days of daily deliveries before the faults")
    parser.add_argument("--clean", type=int, default=30, help="how many of them are checked for false alarms")
    parser.add_argument("--write", action="store_true", help="write the table to docs/quality-faults.md")
    chosen = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="needloop-faults-") as folder:
        work = Path(folder)
        bank = DailyBank(work / "bank", chosen.scale)
        before, alarms = deliver_history(bank, work / "data", days=chosen.days, checked=chosen.clean)
        outcomes = []
        for fault in CATALOGUE:
            outcomes.append(inject(bank, before, fault, work / "fault"))
            print(_line(outcomes[-1]), flush=True)
    false_alarms = sum(map(len, alarms.values()))
    missed = sum(not outcome.caught for outcome in outcomes)
    print(
        f"{len(outcomes)} faults: {len(outcomes) - missed} caught, {missed} missed; "
        f"{false_alarms} alarms on {len(alarms)} clean days; {time.monotonic() - started:.0f} s"
    )
    if chosen.write:
        DOCUMENT.write_text(_document(outcomes, alarms, chosen.days), "utf-8")
    return 1 if missed or false_alarms else 0


def _line(outcome: Outcome) -> str:
    fault = outcome.fault
    said = "caught" if outcome.caught else "MISSED"
    besides = f" (besides: {', '.join(outcome.others)})" if outcome.others else ""
    return f"{said}  {fault.table:24} {fault.name:40} {fault.caught_by}{besides}"


def _document(outcomes: Sequence[Outcome], alarms: Mapping[str, Sequence[str]], days: int) -> str:
    caught = sum(outcome.caught for outcome in outcomes)
    false_alarms = sum(map(len, alarms.values()))
    rows = "\n".join(_row(outcome) for outcome in outcomes)
    return f"""# 故障注入 · Injected faults

由 `make faults-check` 生成，请勿手工修改。每种故障注入到样本银行某一天的交付中（此前有 {days} 天逐日交付），
看应当发现它的检查是否以正确的级别与负责团队报告；{len(alarms)} 个正常交付日不应有任何告警。

Written by `make faults-check`, not by hand. Each fault is put into one day's delivery of a sample bank that has
delivered daily for {days} days; it is caught when the check that should find it fails, with the right severity and
owner. {len(alarms)} days of clean deliveries must give no alarm.

| | |
|---|---|
| 故障种类 · kinds of fault | {len(outcomes)} |
| 发现 · caught | {caught} |
| 漏报 · missed | {len(outcomes) - caught} |
| 正常交付日 · clean daily deliveries | {len(alarms)} |
| 误报 · false alarms | {false_alarms} |

| 表 table | 故障 fault | 检查 check | 级别 severity | 负责 owner | 结果 result | 同时未通过 fails with it |
|---|---|---|---|---|---|---|
{rows}
"""


def _row(outcome: Outcome) -> str:
    fault = outcome.fault
    owner = owners()[fault.table.split(".")[0]]
    result = "发现 caught" if outcome.caught else "**漏报 missed**"
    others = ", ".join(f"`{name}`" for name in outcome.others)
    return (
        f"| {fault.table} | {fault.zh} · {fault.name} | `{fault.caught_by}` | {fault.severity} | {owner} | {result} "
        f"| {others} |"
    )


if __name__ == "__main__":
    raise SystemExit(main())
