"""A bank of one good row a table, and ways to add rows to it as landing would have loaded them."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import duckdb

from needloop.contract.model import Column, Table, load_contract
from needloop.settings import Settings
from needloop.warehouse.schema import bring_up_to_date

AS_OF = date(2026, 9, 30)
LOAD_DATE = date(2026, 10, 1)
LOADED_AT = datetime(2026, 10, 1, 6, 0)

_WRITTEN: dict[str, dict[str, Any]] = {
    "org.branches": {
        "branch_id": "B1", "branch_name": "一支行", "region": "华东", "opened_on": "2018-01-01",
        "updated_at": "2020-01-01",
    },
    "training.staff": {
        "staff_id": "S1", "full_name": "张三丰", "branch_id": "B1", "role": "relationship_manager",
        "hired_on": "2020-01-01",
        "confirmed_on": "2020-07-01", "updated_at": "2020-07-01",
    },
    "training.courses": {
        "course_id": "K1", "course_name": "条款解读", "module": "clause_interpretation",
        "level": "junior", "hours": 4,
        "updated_at": "2024-01-01",
    },
    "training.enrolments": {
        "enrolment_id": "E1", "staff_id": "S1", "programme": "confirmation", "started_on": "2026-03-01",
        "completed_on": "2026-03-31", "updated_at": "2026-03-31",
    },
    "training.attendance": {
        "attendance_id": "A1", "staff_id": "S1", "course_id": "K1", "enrolment_id": "E1", "session_on": "2026-03-05",
        "attended": True, "hours_attended": 4, "reaction_score": 5,
    },
    "training.assessments": {
        "assessment_id": "T1", "staff_id": "S1", "enrolment_id": "E1", "module": "suitability", "kind": "post",
        "taken_on": "2026-04-01", "score": 88,
    },
    "training.appraisals": {
        "appraisal_id": "P1", "staff_id": "S1", "period": "2026Q2", "supervisor_score": 80, "teamwork_score": 90,
        "updated_at": "2026-07-10",
    },
    "crm.customers": {
        "customer_id": "C1", "full_name": "李四维", "mobile": "13912345678", "id_number": "310101198001011234",
        "birth_date": "1980-01-01", "gender": "F", "marital_status": "married", "children_count": 1,
        "youngest_child_birth_date": "2012-05-05", "occupation": "salaried", "annual_income": 200000, "aum": 500000,
        "risk_level": "C3", "risk_assessed_on": "2026-01-01", "branch_id": "B1", "rm_id": "S1",
        "customer_since": "2015-01-01", "preferred_channel": "app", "updated_at": "2026-09-20",
    },
    "policy.products": {
        "product_id": "R1", "product_name": "安心终身寿", "category": "whole_life", "risk_level": "R2",
        "launched_on": "2020-01-01", "withdrawn_on": "2026-12-31", "updated_at": "2020-01-01",
    },
    "policy.policies": {
        "policy_id": "L1", "customer_id": "C1", "product_id": "R1", "staff_id": "S1", "branch_id": "B1",
        "sales_channel": "branch", "applied_on": "2026-09-26", "issued_on": "2026-09-28",
        "effective_on": "2026-09-29",
        "payment_mode": "annual", "payment_term_years": 10, "coverage_term_years": 20, "annual_premium": 12000,
        "sum_assured": 500000, "status": "in_force", "status_on": "2026-09-29", "updated_at": "2026-09-29",
    },
    "policy.premiums": {
        "premium_id": "M1", "policy_id": "L1", "instalment_no": 1, "due_on": "2026-09-29", "due_amount": 12000,
        "paid_on": "2026-09-29", "paid_amount": 12000, "updated_at": "2026-09-29",
    },
    "policy.claims": {
        "claim_id": "Q1", "policy_id": "L1", "reported_at": "2026-09-29 10:00",
        "documents_completed_at": "2026-09-29 11:00",
        "first_update_at": "2026-09-29 12:00", "last_update_at": "2026-09-29 13:00", "updates_sent": 2,
        "decided_at": "2026-09-29 14:00", "paid_at": "2026-09-29 15:00", "claimed_amount": 100, "paid_amount": 100,
        "status": "paid", "updated_at": "2026-09-29 15:00",
    },
    "complaint.complaints": {
        "complaint_id": "X1", "customer_id": "C1", "policy_id": "L1", "product_id": "R1", "staff_id": "S1",
        "branch_id": "B1", "channel": "hotline", "category": "mis_selling", "severity": 3,
        "received_at": "2026-09-25 09:00", "acknowledged_at": "2026-09-25 10:00", "resolved_at": "2026-09-26 09:00",
        "closed_at": "2026-09-27 09:00", "outcome": "upheld", "compensation": 0, "description": "客户说过的秘密话",
        "updated_at": "2026-09-27 09:00",
    },
    "crm.needs": {
        "need_id": "N1", "customer_id": "C1", "source": "complaint", "category": "suitability", "product_id": "R1",
        "branch_id": "B1", "staff_id": "S1", "complaint_id": "X1", "owner_department": "product",
        "urgency": 3, "impact": 3,
        "business_value": 3, "raised_at": "2026-09-28 09:00", "updated_at": "2026-09-28 09:00",
    },
    "crm.need_events": {
        "event_id": "V1", "need_id": "N1", "event": "verified", "occurred_at": "2026-09-29 09:00",
        "department": "product",
        "staff_id": "S1", "satisfaction_score": 5,
    },
    "crm.surveys": {
        "response_id": "Y1", "customer_id": "C1", "instrument": "csat", "score": 5,
        "need_id": "N1", "policy_id": "L1",
        "staff_id": "S1", "responded_at": "2026-09-29 10:00",
    },
    "crm.interactions": {
        "interaction_id": "I1", "customer_id": "C1", "staff_id": "S1", "channel": "app", "purpose": "enquiry",
        "product_category": "annuity", "need_id": "N1", "opened_at": "2026-09-29 09:00",
        "first_response_at": "2026-09-29 09:05", "closed_at": "2026-09-29 09:30", "resolved_on_contact": True,
    },
    "crm.opportunities": {
        "opportunity_id": "O1", "customer_id": "C1", "staff_id": "S1", "product_category": "annuity",
        "created_at": "2026-09-25 09:00", "first_contact_at": "2026-09-25 10:00",
        "need_confirmed_at": "2026-09-26 09:00",
        "proposal_at": "2026-09-27 09:00", "closed_at": "2026-09-28 09:00",
        "callback_at": "2026-09-29 09:00", "stage": "won",
        "policy_id": "L1", "expected_premium": 12000, "updated_at": "2026-09-29 09:00",
    },
    "experiment.experiments": {
        "experiment_id": "Z1", "name": "进度短信", "need_category": "claims_service", "unit": "customer",
        "primary_metric": "csat", "started_on": "2026-08-01", "ended_on": "2026-09-15",
        "expected_treatment_share": 0.5,
        "updated_at": "2026-08-01",
    },
    "experiment.assignments": {
        "assignment_id": "G1", "experiment_id": "Z1", "unit_id": "C1", "variant": "control",
        "assigned_at": "2026-08-02",
    },
    "external.indicators": {"indicator": "cpi", "month": "2026-09-01", "value": 100.2, "updated_at": "2026-09-21"},
    "bank.transactions": {
        "transaction_id": "TX1", "customer_id": "C1", "account_type": "card", "initiated_by": "customer",
        "occurred_at": "2026-09-29 20:00", "amount": -30,
    },
}  # fmt: skip
"""Rows that checks compare with each other. Times are local; a row's references come before it."""


def _row_by_the_contract(table: Table) -> dict[str, Any]:
    """A row of a table for which none is written above: an allowed value for everything that is required."""
    return {column.name: _allowed_value(column) for column in table.columns if column.required}


def _allowed_value(column: Column) -> Any:
    if column.references:
        target = load_contract().table(column.references)
        return _WRITTEN[column.references][target.key[0]]
    match column.type:
        case "enum":
            return column.values[0]
        case "date" | "ts":
            return "2026-09-01"
        case "bool":
            return True
        case "id" | "text":
            return "X1" if column.type == "id" else "文字"
        case _:
            return column.min if column.min is not None else 1


GOOD = _WRITTEN | {
    table.full_name: _row_by_the_contract(table) for table in load_contract().tables if table.full_name not in _WRITTEN
}
"""One good row a table of the contract."""


class Bank:
    """A warehouse that is filled by hand."""

    def __init__(self, data: Path) -> None:
        self.settings = Settings(data=data, memory_limit="1GB", threads=2)
        self.settings.warehouse_file.parent.mkdir(parents=True)
        self._load_ids = count(1)

    def __enter__(self) -> Bank:
        self.connection = duckdb.connect(str(self.settings.warehouse_file), config=self.settings.duckdb_config)
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def create(self) -> None:
        """An empty warehouse on the day of the load."""
        bring_up_to_date(self.connection, load_contract())
        self.connection.execute("insert into pipeline.run_parameters values ('run', ?, null)", [LOAD_DATE])

    def load(self, table: str, *rows: dict[str, Any], **of_the_file: Any) -> None:
        """One file with these rows, taken; `of_the_file` are columns of landing.loads that differ from that."""
        load_id = next(self._load_ids)
        said = {
            "load_id": load_id, "batch_id": f"batch {load_id}", "file": f"{table}/{load_id}.csv", "table_name": table,
            "status": "taken", "bytes": 1, "rows_in_file": len(rows), "loaded": len(rows), "ignored": 0, "rejected": 0,
            "loaded_at": LOADED_AT, "seconds": 0.1, **of_the_file,
        }  # fmt: skip
        self._insert("landing.loads", said)
        for line, row in enumerate(rows, start=2):
            kept = {"_file": said["file"], "_line": line, "_loaded_at": LOADED_AT, "_batch_id": said["batch_id"],
                    "_load_id": load_id}  # fmt: skip
            self._insert(f"raw.{table.replace('.', '__')}", {**row, **kept})

    def _insert(self, table: str, row: dict[str, Any]) -> None:
        columns = ", ".join(f'"{name}"' for name in row)
        self.connection.execute(
            f"insert into {table} ({columns}) values ({', '.join('?' * len(row))})", list(row.values())
        )


def good_bank(data: Path) -> Bank:
    """A bank whose every row meets every check."""
    bank = Bank(data)
    with bank:
        bank.create()
        for table, row in GOOD.items():
            bank.load(table, row)
    return bank
