"""What follows from the source contract is generated from it, and what is committed is fresh."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from needloop.contract import generate
from needloop.contract.dbt_properties import column_texts, models_yaml, sources_yaml, table_list_macro
from needloop.contract.dbt_staging import staging_sql
from needloop.contract.model import contract_of, load_contract

LOANS: dict[str, Any] = {
    "system": "loan",
    "tables": {
        "loans": {
            "load": "upsert",
            "title": {"zh": "贷款", "en": "Loans"},
            "activity": "opened_on",
            "columns": {
                "loan_id": {"type": "id", "personal": "none", "key": True, "description": "Key of the loan."},
                "borrower": {"type": "text", "personal": "direct", "description": "Who borrows."},
                "value": {"type": "money", "personal": "none", "staged_as": "loan_value", "description": "Sum lent."},
                "opened_on": {"type": "date", "personal": "none", "description": "Day of the first payment."},
                "updated_at": {"type": "ts", "personal": "none", "required": True},
            },
        },
        "payments": {
            "load": "append",
            "title": {"zh": "还款", "en": "Payments"},
            "columns": {
                "payment_id": {"type": "id", "personal": "none", "key": True, "description": "Key of the payment."},
                "loan_id": {"type": "id", "personal": "none", "references": "loan.loans", "note": "Repaid"},
            },
        },
    },
}


def test_what_is_committed_is_fresh() -> None:
    assert [str(path) for path in generate.stale_files(load_contract())] == [], "Run make generate and commit."


def test_a_table_that_the_contract_gains_is_staged_and_documented() -> None:
    loans, payments = contract_of([LOANS]).tables
    assert "coalesce(deleted, false) as is_deleted,\n        updated_at,\n        valid_from" in staging_sql(loans, "")
    assert (loans.written_column, payments.written_column) == ("updated_at", "_loaded_at")
    assert "value as loan_value" in staging_sql(loans, "")
    assert "borrower" not in staging_sql(loans, "")
    assert "{{ events_not_void('source', key='payment_id') }}" in staging_sql(payments, "")
    (source,) = yaml.safe_load(sources_yaml("loan", [loans, payments], "note"))["sources"]
    assert [table["identifier"] for table in source["tables"]] == ["loan__loans", "loan__payments"]
    columns = {column["name"]: column for column in source["tables"][0]["columns"]}
    assert columns["value"] == {
        "name": "value",
        "data_type": "decimal(18,2)",
        "description": "{{ doc('loan_value') }}",
    }
    models = yaml.safe_load(models_yaml([loans, payments], "note"))["models"]
    assert models[0]["data_tests"] == [{"unique_key": {"arguments": {"columns": ["loan_id", "valid_from"]}}}]
    assert models[1]["columns"][1]["description"] == "{{ doc('loan_id') }} Repaid."
    assert "{% docs loan_value %}Sum lent.{% enddocs %}" in column_texts(contract_of([LOANS]), "note")
    assert "'key': ['loan_id'], 'activity': 'opened_on'}" in table_list_macro(contract_of([LOANS]), "note")


def test_staging_has_exactly_the_columns_that_are_documented() -> None:
    for table in load_contract().tables:
        (model,) = yaml.safe_load(models_yaml([table], "note"))["models"]
        lines = staging_sql(table, "").split("    select\n")[1].split("    from ")[0].splitlines()
        assert [line.rstrip(",").split()[-1] for line in lines] == [column["name"] for column in model["columns"]]


def test_a_file_that_nothing_calls_for_any_more_is_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    contract = load_contract()
    shorter = contract.model_copy(update={"tables": contract.tables[:-1]})
    last = contract.tables[-1]
    monkeypatch.setattr(generate, "document_with_tables", lambda text, _: text)
    gone = [path.name for path in generate.stale_files(shorter) if path not in generate.generated_files(shorter)]
    assert gone == [f"stg_{last.system}__{last.name}.sql"]


@pytest.mark.parametrize(
    ("description", "said"),
    [("Another meaning.", "loan_id is described twice"), (None, "amount has no description")],
)
def test_a_name_has_one_description(description: str | None, said: str) -> None:
    column = {"type": "id", "personal": "none"} | ({"description": description} if description else {})
    name = "loan_id" if description else "amount"
    payments = LOANS["tables"]["payments"]
    changed = payments | {"columns": payments["columns"] | {name: column}}
    with pytest.raises(ValueError, match=said):
        contract_of([LOANS | {"tables": LOANS["tables"] | {"payments": changed}}])
