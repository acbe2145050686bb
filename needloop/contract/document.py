"""The tables of the source contract as Markdown, made from tables/*.yml, for docs/source-contract.md.

python -m needloop.contract.document          writes them into the document
"""

from __future__ import annotations

from pathlib import Path

from needloop.contract.model import Column, Contract, Table, load_contract

DOCUMENT = Path(__file__).parents[2] / "docs" / "source-contract.md"
BEGIN, END = "<!-- tables: made by needloop.contract.document -->", "<!-- end of tables -->"
_CLASSES = {
    "none": "",
    "direct": "personal: direct",
    "quasi": "personal: quasi",
    "coarse": "personal: coarse",
    "free_text": "free text",
}


def tables_markdown(contract: Contract) -> str:
    """All tables, system by system, each with its columns in the contract's order."""
    parts: list[str] = []
    system = ""
    for table in contract.tables:
        if table.system != system:
            system = table.system
            parts.append(f"### System `{system}`")
        parts.append(_table(table))
    return "\n\n".join(parts)


def document_with_tables(text: str, contract: Contract) -> str:
    """The document with its tables as the contract has them now. Raises ValueError when it has no place for them."""
    begin, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    return f"{text[:begin]}\n\n{tables_markdown(contract)}\n\n{text[end:]}"


def _table(table: Table) -> str:
    header = [
        f"#### `{table.full_name}` – {table.title.zh} · {table.load}",
        f"{table.title.en}.",
        "| column | type | | notes |\n|---|---|---|---|",
    ]
    rows = "\n".join(
        f"| `{column.name}` | {_type(column)} | {_need(column)} | {_notes(column)} |" for column in table.columns
    )
    return "\n\n".join(header[:2]) + "\n\n" + header[2] + "\n" + rows


def _type(column: Column) -> str:
    match column.type:
        case "number":
            return f"number({column.precision},{column.scale})"
        case "enum":
            return "enum: " + ", ".join(f"`{value}`" for value in column.values)
        case _:
            return column.type


def _need(column: Column) -> str:
    if column.key:
        return "key"
    return "required" if column.required else ""


def _notes(column: Column) -> str:
    notes = [column.note, _range(column), _CLASSES[column.personal]]
    if column.references:
        notes.append(f"→ `{column.references}`")
    if column.name in {"deleted", "void"}:
        notes.append("the row is withdrawn" if column.name == "deleted" else "the event is taken back")
    return "; ".join(note for note in notes if note)


def _range(column: Column) -> str:
    if column.range_by:
        return ", ".join(
            f"{least} to {greatest} where `{other}` is `{value}`"
            for other, ranges in column.range_by.items()
            for value, (least, greatest) in ranges.items()
        )
    if column.min is not None and column.max is not None:
        return f"{column.min} to {column.max}"
    if column.min is not None:
        return f"at least {column.min}"
    return "" if column.max is None else f"at most {column.max}"


if __name__ == "__main__":
    DOCUMENT.write_text(document_with_tables(DOCUMENT.read_text("utf-8"), load_contract()), "utf-8")
