"""Whose a delivered row is, as the contract's references tell: a customer's own, or of what is a customer's."""

from __future__ import annotations

from needloop.contract.model import Column, Contract, Table

PERSON = "crm.customers"


def person_column(table: Table) -> Column | None:
    """The column that says whose row it is: the customer's number, None where a row is not a customer's."""
    for column in table.columns:
        if (table.full_name == PERSON and column.key) or (column.references == PERSON and column.required):
            return column
    return None


def owner_columns(table: Table, contract: Contract) -> tuple[Column, ...]:
    """The required references by which a row without a customer belongs to a customer's contract or need."""
    if person_column(table) is not None:
        return ()
    owned = {other.full_name for other in contract.tables if person_column(other) is not None}
    return tuple(column for column in table.columns if column.required and column.references in owned)


def mentioning_columns(table: Table, contract: Contract) -> tuple[Column, ...]:
    """The optional references to a customer, or to what is a customer's."""
    owned = {other.full_name for other in contract.tables if person_column(other) is not None}
    return tuple(column for column in table.columns if not column.required and column.references in owned)
