"""Which customer owns a delivered row, by the contract's references: directly, or through a contract or need."""

from __future__ import annotations

from needloop.contract.model import Column, Contract, Table

PERSON = "crm.customers"


def person_column(table: Table) -> Column | None:
    """The column with the owner's customer number, None if the table's rows do not belong to a customer directly."""
    for column in table.columns:
        if (table.full_name == PERSON and column.key) or (column.references == PERSON and column.required):
            return column
    return None


def owner_columns(table: Table, contract: Contract) -> tuple[Column, ...]:
    """The required references that tie a row without a customer to a customer's contract or need."""
    if person_column(table) is not None:
        return ()
    owned = {other.full_name for other in contract.tables if person_column(other) is not None}
    return tuple(column for column in table.columns if column.required and column.references in owned)


def mentioning_columns(table: Table, contract: Contract) -> tuple[Column, ...]:
    """The optional references to a customer, or to something a customer owns."""
    owned = {other.full_name for other in contract.tables if person_column(other) is not None}
    return tuple(column for column in table.columns if not column.required and column.references in owned)
