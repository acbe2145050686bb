"""Nothing personal leaves the warehouse: by what the contract says of each column, and by the values of a sample bank.

Everything in the data folder is looked through, whoever wrote it, save the warehouse and the secrets. What is kept
elsewhere is to be added to the test that made it, with `PersonalValues.within_folder` or `within`.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
import yaml

from needloop.contract.model import CONTRACT_FOLDER, load_contract
from needloop.settings import PROJECT_ROOT
from tests.end_to_end.command_line import needloop
from tests.personal_values import PersonalValues

KEPT_INSIDE = ("warehouse", "secrets")
SUPERSET_DATASETS = PROJECT_ROOT / "dashboards" / "superset" / "assets" / "datasets"


@pytest.fixture(scope="module")
def personal(published: Path) -> PersonalValues:
    found = PersonalValues.of(published / "warehouse" / "needloop.duckdb")
    columns = {*found.words.values(), *found.han.values()}
    expected = {"crm.customers.full_name", "crm.customers.mobile", "crm.customers.birth_date", "crm.needs.description"}
    assert columns >= expected, "else there would be nothing to find"
    return found


def test_every_column_of_the_contract_says_whether_it_is_personal() -> None:
    silent = [
        f"{file.stem}.{table}.{column}"
        for file in CONTRACT_FOLDER.glob("*.yml")
        for table, said in yaml.safe_load(file.read_text("utf-8"))["tables"].items()
        for column, words in said["columns"].items()
        if "personal" not in words
    ]
    assert silent == []


def test_whatever_refers_to_a_customer_is_the_banks_number_of_a_person() -> None:
    loose = [
        f"{table.full_name}.{column.name}"
        for table in load_contract().tables
        for column in table.columns
        if (column.references == "crm.customers" or column.name == "customer_id") and column.personal != "direct"
    ]
    assert loose == []


def test_every_text_that_somebody_types_is_free_text_or_is_known_to_be_a_name_of_a_thing() -> None:
    things = {
        "org.branches.branch_name", "org.branches.region", "org.branches.city", "policy.products.product_name",
        "training.courses.course_name", "training.appraisals.period", "experiment.experiments.name",
        "experiment.experiments.measure", "bank.transactions.channel",
    }  # fmt: skip
    said_harmless = {
        f"{table.full_name}.{column.name}"
        for table in load_contract().tables
        for column in table.columns
        if column.type == "text" and not column.is_kept_back
    }
    assert said_harmless == things


def test_no_personal_value_is_in_what_was_published_written_or_logged(
    published: Path, personal: PersonalValues, tmp_path: Path
) -> None:
    """Releases, reports, data docs, logs, Dagster's and dbt's own files, and the lists for action."""
    for name in ("warnings", "gaps", "reminders", "winback"):
        made = needloop("export", "--list", name, "--format", "csv,xlsx", "--data", published, "--out", tmp_path)
        assert made.returncode == 0, made.stderr
    assert any(tmp_path.rglob("*.xlsx"))
    assert personal.within_folder(tmp_path) == {}
    assert personal.within_folder(published, without=KEPT_INSIDE) == {}


@pytest.mark.parametrize("command", [["status"], ["metrics", "--format", "csv"], ["rejects"], ["doctor"]])
def test_no_personal_value_is_said_by_a_command(published: Path, personal: PersonalValues, command: list[str]) -> None:
    said = needloop(*command, "--data", published)
    assert personal.within(said.stdout + said.stderr) == set()


def test_no_dataset_of_the_dashboards_has_a_personal_column(personal: PersonalValues) -> None:
    forbidden = load_contract().names_kept_back - {"description"}  # here that of a metric
    datasets = list(SUPERSET_DATASETS.rglob("*.y*ml"))
    assert datasets
    named = {
        file.name: forbidden.intersection(str(column) for column in _strings(yaml.safe_load(file.read_text("utf-8"))))
        for file in datasets
    }
    assert {file: names for file, names in named.items() if names} == {}
    assert personal.within_folder(SUPERSET_DATASETS.parent) == {}


def _strings(document: object) -> list[str]:
    match document:
        case dict():
            return [s for key, value in document.items() if key != "description" for s in _strings(value)]
        case list():
            return [s for value in document for s in _strings(value)]
        case _:
            return [str(document)]


def test_a_value_that_gets_out_is_found_wherever_it_is(
    published: Path, personal: PersonalValues, tmp_path: Path
) -> None:
    with duckdb.connect(str(published / "warehouse" / "needloop.duckdb"), read_only=True) as connection:
        name, mobile, description = connection.execute(
            "select any_value(full_name), any_value(mobile), (select any_value(description) from raw.crm__needs) "
            "from raw.crm__customers where customer_id = 'C000000007'"
        ).fetchone() or ("", "", "")
        born = connection.execute("select distinct birth_date from raw.crm__customers").fetchall()
    (tmp_path / "run.log").write_text(f"could not load ({mobile})", "utf-8")
    (tmp_path / "page.html").write_text(f"<p>尊敬的{name}客户</p>", "utf-8")
    (tmp_path / f"{mobile}.txt").write_text(description[:20], "utf-8")
    shutil.make_archive(str(tmp_path / "book"), "zip", tmp_path, "page.html")
    with duckdb.connect(str(tmp_path / "release.duckdb")) as connection:
        connection.execute("create table mart (born date)")
        connection.executemany("insert into mart values (?)", born)
    found = personal.within_folder(tmp_path)
    assert {file: {column for column, _ in values} for file, values in found.items()} == {
        "run.log": {"crm.customers.mobile"},
        "page.html": {"crm.customers.full_name"},
        f"{mobile}.txt": {"crm.customers.mobile", "crm.needs.description"},
        "book.zip": {"crm.customers.full_name"},
        "release.duckdb": {"crm.customers.birth_date"},
    }
