"""What holds for every model: it builds without data, is documented to the last column, has a tested key."""

from __future__ import annotations

from collections import defaultdict

import pytest

from needloop.contract.model import Table, load_contract
from needloop.warehouse.connection import warehouse
from needloop.warehouse.raw_tables import RAW_BOOKKEEPING
from tests.integration.transformation.conftest import BuiltBank
from tests.integration.transformation.dbt_project import dbt, not_passed

KEY_TESTS = {"unique_key", "unique"}


def built_columns(bank: BuiltBank) -> dict[tuple[str, str], list[str]]:
    """{(schema, table): column names in order} of everything that dbt has built."""
    with warehouse(bank.settings) as connection:
        rows = connection.execute(
            """
            select table_schema, table_name, column_name from information_schema.columns
            where table_schema in ('staging', 'intermediate', 'marts', 'reference')
            order by table_schema, table_name, ordinal_position
            """
        ).fetchall()
    columns = defaultdict(list)
    for schema, table, column in rows:
        columns[schema, table].append(column)
    return columns


def test_a_bank_without_rows_builds_and_passes_every_data_test(empty_bank: BuiltBank) -> None:
    assert not_passed(empty_bank.results) == []
    assert len(empty_bank.results) > 100


def test_every_model_and_every_column_is_explained(empty_bank: BuiltBank) -> None:
    columns = built_columns(empty_bank)
    unexplained = []
    for node in empty_bank.models():
        if not node["description"]:
            unexplained.append(node["name"])
        documented = {name: column["description"] for name, column in node["columns"].items()}
        built = columns[node["schema"], node["alias"]]
        assert built, f"{node['name']} was not built"
        unexplained += [f"{node['name']}.{c}" for c in built if not documented.get(c)]
        unexplained += [f"{node['name']}.{c} (does not exist)" for c in documented if c not in built]
    assert unexplained == []


def test_every_seed_and_every_column_of_it_is_explained(empty_bank: BuiltBank) -> None:
    columns = built_columns(empty_bank)
    unexplained = []
    for node in empty_bank.manifest["nodes"].values():
        if node["resource_type"] == "seed":
            documented = {name for name, column in node["columns"].items() if column["description"]}
            if not node["description"]:
                unexplained.append(node["name"])
            unexplained += [f"{node['name']}.{c}" for c in columns["reference", node["alias"]] if c not in documented]
    assert unexplained == []


def test_every_model_is_tested_at_its_key(empty_bank: BuiltBank) -> None:
    tested = {
        parent
        for node in empty_bank.manifest["nodes"].values()
        if node["resource_type"] == "test" and (node.get("test_metadata") or {}).get("name") in KEY_TESTS
        for parent in node["depends_on"]["nodes"]
    }
    untested = [m["name"] for m in empty_bank.models() if m["unique_id"] not in tested]
    # The numbers of each fact go as they are into metric_values, which is tested at their key.
    assert [name for name in untested if not name.endswith("_metric_rows")] == []
    assert "model.needloop.metric_values" in tested


def test_marts_are_under_contract(empty_bank: BuiltBank) -> None:
    loose = [m["name"] for m in empty_bank.models() if m["schema"] == "marts" and not m["contract"]["enforced"]]
    assert loose == []


def test_nothing_personal_is_published(empty_bank: BuiltBank) -> None:
    personal = load_contract().names_kept_back
    assert personal >= {"customer_id", "full_name", "mobile", "birth_date", "annual_income", "note"}
    published = [m for m in empty_bank.models() if m["config"]["meta"].get("published")]
    columns = built_columns(empty_bank)
    found = {m["name"]: personal.intersection(columns["marts", m["alias"]]) for m in published}
    assert len(published) >= 5
    assert {name: names for name, names in found.items() if names} == {}


def test_names_and_identifying_numbers_stay_in_raw(empty_bank: BuiltBank) -> None:
    stays = {"full_name", "mobile", "id_number"}
    assert [table for table, columns in built_columns(empty_bank).items() if stays.intersection(columns)] == []


@pytest.mark.parametrize("table", load_contract().tables, ids=lambda t: t.full_name)
def test_a_source_has_the_columns_of_the_contract(empty_bank: BuiltBank, table: Table) -> None:
    source = empty_bank.manifest["sources"][f"source.needloop.{table.system}.{table.name}"]
    expected = [(c.name, c.sql_type) for c in table.columns] + list(RAW_BOOKKEEPING)
    assert source["identifier"] == table.raw_name
    assert [(name, column["data_type"].upper()) for name, column in source["columns"].items()] == expected
    assert all(column["description"] for column in source["columns"].values())


def test_the_rules_hold_at_their_boundaries(empty_bank: BuiltBank) -> None:
    """dbt's unit tests, which feed models with rows worked out by hand."""
    results = dbt(empty_bank.settings, "test", "--select", "test_type:unit")
    assert not_passed(results) == []
    assert len(results) >= 20
