"""Sample banks that several tests look at, generated once, and a DuckDB connection that reads them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from seeds.sample import Effects, generate

Rows = list[tuple[Any, ...]]
Query = Callable[[str], Rows]
EFFECTS_SCALE = 6.0


@pytest.fixture(scope="session")
def clean_bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sample") / "clean"
    generate(out)
    return out


@pytest.fixture(scope="session")
def bank(clean_bank: Path) -> Iterator[Query]:
    """Queries over the clean bank: a view system__table of texts for each table."""
    with duckdb.connect() as connection:
        for folder in sorted(clean_bank.glob("*/*")):
            connection.execute(
                f"create view {folder.parent.name}__{folder.name} as "
                f"select * from read_csv('{folder}/*.csv', all_varchar=true, header=true, quote='\"', escape='\"')"
            )
        yield lambda sql: connection.execute(sql).fetchall()


def effects_bank(out: Path, effects: Effects) -> Query:
    """Queries over a larger bank: the current version of each row, as typed views named like the tables."""
    generate(out, scale=EFFECTS_SCALE, file_format="parquet", effects=effects)
    connection = duckdb.connect()
    keys = {"policies": "policy_id", "complaints": "complaint_id", "opportunities": "opportunity_id",
            "enrolments": "enrolment_id", "staff": "staff_id", "products": "product_id"}  # fmt: skip
    for folder in sorted(out.glob("*/*")):
        newest = ""
        if folder.name in keys:
            newest = f"qualify row_number() over (partition by {keys[folder.name]} order by updated_at desc) = 1"
        connection.execute(f"create view {folder.name} as select * from read_parquet('{folder}/*.parquet') {newest}")
    connection.execute(
        """
        create table training as
        select staff_id,
            coalesce(min(completed_on) filter (programme = 'confirmation'), date '2999-01-01') as trained_on,
            bool_or(programme = 'confirmation') is not true as never
        from staff left join enrolments using (staff_id)
        where role in ('relationship_manager', 'wealth_advisor') group by staff_id
        """
    )
    return lambda sql: connection.execute(sql).fetchall()


@pytest.fixture(scope="session")
def with_effects(tmp_path_factory: pytest.TempPathFactory) -> Query:
    return effects_bank(tmp_path_factory.mktemp("sample") / "effects", Effects())


@pytest.fixture(scope="session")
def without_effects(tmp_path_factory: pytest.TempPathFactory) -> Query:
    return effects_bank(tmp_path_factory.mktemp("sample") / "none", Effects.none())
