"""What is written by hand about the contract, reasons and Chinese words, leaves nothing of it out."""

from __future__ import annotations

from dagster_pipelines.landing.aliases import load_aliases
from dagster_pipelines.landing.reasons import ROW_REASONS
from needloop.contract.document import DOCUMENT
from needloop.contract.model import load_contract


def test_every_reason_is_explained() -> None:
    text = DOCUMENT.read_text("utf-8")
    assert [reason for reason in ROW_REASONS if f"`{reason}`" not in text] == []


def test_every_column_and_enum_value_has_a_chinese_word() -> None:
    aliases = load_aliases(load_contract(), None)
    for table in load_contract().tables:
        words = aliases[table.full_name]
        own = {name for alias, name in words.columns.items() if not alias.isascii()}
        assert own == {column.name for column in table.columns}, table.full_name
        for column in table.columns:
            if column.type == "enum" and column.values[0] not in {"C1", "R1"}:
                known = {value for alias, value in words.values[column.name].items() if not alias.isascii()}
                assert known == set(column.values), (table.full_name, column.name)
