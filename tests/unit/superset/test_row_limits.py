"""Charts and lists of a large bank are whole: nothing is cut below what Superset lets through."""

from __future__ import annotations

import re
from pathlib import Path

from dashboards.superset import asset_bundle
from dashboards.superset.asset_bundle.queries import ROW_LIMIT

FOLDER = Path(asset_bundle.__file__).parents[1]
BRANCHES, QUARTERS, STAFF = 1_200, 13, 12_000


def test_a_large_bank_fits_every_chart() -> None:
    assert max(BRANCHES * QUARTERS, STAFF) <= ROW_LIMIT


def test_superset_lets_as_many_rows_through() -> None:
    config = (FOLDER / "superset_config.py").read_text("utf-8")
    found = re.search(r"^ROW_LIMIT = SQL_MAX_ROW = ([0-9_]+)", config, re.M)
    assert found
    assert int(found[1]) == ROW_LIMIT


def test_no_chart_has_a_limit_of_its_own() -> None:
    limits = [
        f"{file.name}: {line.strip()}"
        for file in sorted((FOLDER / "asset_bundle").glob("*.py"))
        for line in file.read_text("utf-8").splitlines()
        if re.search(r'"row_limit[a-z_]*": [0-9]', line)
    ]
    assert limits == []
