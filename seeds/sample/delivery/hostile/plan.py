"""The delivery format of each table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Ending = Literal["csv", "csv.gz", "jsonl", "xlsx", "parquet"]


@dataclass(frozen=True)
class Plan:
    """The format of one table's files."""

    ending: Ending = "csv"
    files: int = 1
    encoding: Literal["utf-8", "utf-8-sig", "gb18030"] = "utf-8"
    delimiter: str = ","
    newline: str = "\n"
    chinese: bool = False
    """Headers and enum values in Chinese, by the zone's mapping.yml."""
    shuffled: bool = False
    """Columns in another order than the contract's."""
    unknown_header: bool = False
    """One column more than the contract knows."""
    neutral: bool = False
    """Rows more that cancel out: deleted or void ones, in files of their own."""
    blank_lines: bool = False
    unclosed: bool = False
    """The last file ends inside a quoted field."""


PLANS: dict[str, Plan] = {
    "bank.transactions": Plan("csv.gz", files=2, neutral=True),
    "complaint.complaints": Plan(files=2, encoding="gb18030", chinese=True, unknown_header=True, neutral=True),
    "crm.customers": Plan(files=3, encoding="gb18030", chinese=True, neutral=True),
    "crm.interactions": Plan(files=2, delimiter="|", neutral=True),
    "crm.need_events": Plan(files=3, encoding="utf-8-sig", delimiter="\t", neutral=True),
    "crm.needs": Plan(files=2, encoding="utf-8-sig", delimiter=";", blank_lines=True, neutral=True),
    "crm.opportunities": Plan(files=2, newline="\r\n", shuffled=True, neutral=True),
    "crm.surveys": Plan(files=2, encoding="gb18030", unclosed=True, neutral=True),
    "experiment.assignments": Plan("parquet"),
    "experiment.experiments": Plan(encoding="utf-8-sig", shuffled=True),
    "external.indicators": Plan("parquet"),
    "org.branches": Plan(delimiter=";"),
    "policy.claims": Plan("parquet"),
    "policy.policies": Plan(files=2, encoding="utf-8-sig", chinese=True, shuffled=True, neutral=True),
    "policy.premiums": Plan("csv.gz", files=3, encoding="gb18030", chinese=True),
    "policy.products": Plan(delimiter="\t"),
    "training.appraisals": Plan("xlsx"),
    "training.assessments": Plan(shuffled=True, newline="\r\n"),
    "training.attendance": Plan("jsonl"),
    "training.courses": Plan("jsonl"),
    "training.enrolments": Plan("xlsx"),
    "training.staff": Plan(encoding="gb18030", chinese=True),
}
