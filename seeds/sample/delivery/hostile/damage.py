"""Files that cannot be loaded, and strays that do not belong in a landing zone."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass

TRANSACTIONS_HEADER = "transaction_id,customer_id,account_type,initiated_by,occurred_at,amount,channel\n"


@dataclass(frozen=True)
class Damaged:
    """A file of a table with the expected report; a reason of "" means taken, without rows."""

    table: str
    name: str
    content: bytes
    reason: str
    detail: str = ""


def damaged_files() -> Iterator[Damaged]:
    """One file or more for each reason of refusal, and two that are empty."""
    rows = "".join(
        f"CUT{i:06d},C000000001,card,customer,2026-01-05 10:{i % 60:02d}:00,-{i}.50,pos\n" for i in range(400)
    )
    zipped = gzip.compress((TRANSACTIONS_HEADER + rows).encode(), mtime=0)
    yield Damaged("bank.transactions", "transactions_cut.csv.gz", zipped[: len(zipped) // 2], "unreadable_file")
    yield Damaged("bank.transactions", "transactions_empty.csv", b"", "")
    yield Damaged(
        "crm.surveys", "surveys_header_only.csv", b"response_id,customer_id,instrument,score,responded_at\r\n", ""
    )
    yield Damaged("policy.claims", "claims_torn.parquet", b"PAR1" + bytes(range(64)) + b"PAR1", "unreadable_file")
    yield Damaged("training.appraisals", "appraisals_torn.xlsx", b"PK\x03\x04" + b"\x00" * 40, "unreadable_file")
    text = "branch_id,branch_name,region,updated_at\nB777,测试支行,华东,2026-01-01\n".encode()
    bad = text + b"B778,\xff\xfe\xff,x,2026-01-01\n"
    offset = str(len(text) + 5)
    yield Damaged("org.branches", "branches_bytes.csv", bad, "bad_encoding", offset)
    yield Damaged("org.branches", "branches_bytes.csv.gz", gzip.compress(bad, mtime=0), "bad_encoding", offset)
    twice = "工号,staff_id,role,hired_on,updated_at\nS777,S777,teller,2020-01-01,2026-01-01\n"
    yield Damaged("training.staff", "staff_two_keys.csv", twice.encode("gb18030"), "ambiguous_header")
    old = "product_id,product_name,category,updated_at\nPR777,旧产品,annuity,2026-01-01\n"
    yield Damaged("policy.products", "products_without_risk.csv", old.encode(), "missing_column")


STRAYS = {
    "crm/leads/leads.csv": "lead_id\n1\n",
    "archive/2019/old.csv": "id\n1\n",
    "crm/customers/readme.txt": "交付说明\n",
    "crm/customers/customers_001_1.csv.bak": "备份\n",
}
"""Left alone by the loader."""
STRAY_ENTRIES = ("crm/leads", "archive", "crm/customers/readme.txt", "crm/customers/customers_001_1.csv.bak")
"""What it names: the topmost unknown entry."""
