"""Staging models generated from the contract: one per delivered table, which only renames and orders columns."""

from __future__ import annotations

from needloop.contract.model import Column, Table

VERSION_COLUMNS = ("valid_from", "valid_to", "is_first", "is_current")
"""The columns that versions_of adds to a versioned table."""


def model_name(table: Table) -> str:
    """The staging model's name."""
    return f"stg_{table.system}__{table.name}"


def staged_columns(table: Table) -> list[Column]:
    """The delivered columns that staging keeps, in its order, without the flag column."""
    return [c for c in table.columns if not c.stays_in_raw and c.name != table.flag]


def unique_key(table: Table) -> tuple[str, ...]:
    """The key of the staging model, by its staging names."""
    key = tuple(column.staged_as for column in table.columns if column.key)
    return (*key, "valid_from") if table.load == "upsert" else key


def staging_sql(table: Table, note: str) -> str:
    """The SQL of the staging model; `note` says what generated it."""
    step, call = (
        ("versions", f"versions_of('source', key=[{', '.join(repr(name) for name in table.key)}])")
        if table.load == "upsert"
        else ("events", f"events_not_void('source', key='{table.key[0]}')")
    )
    columns = ",\n".join(f"        {line}" for line in _select_list(table))
    return (
        f"{{#- {note} -#}}\n"
        "with\n\n"
        "source as (\n\n"
        f"    select * from {{{{ source('{table.system}', '{table.name}') }}}}\n\n"
        "),\n\n"
        f"{step} as (\n\n"
        f"    {{{{ {call} }}}}\n\n"
        "),\n\n"
        "renamed as (\n\n"
        f"    select\n{columns}\n    from {step}\n\n"
        ")\n\n"
        "select * from renamed\n"
    )


def _select_list(table: Table) -> list[str]:
    lines = [c.name if c.name == c.staged_as else f"{c.name} as {c.staged_as}" for c in staged_columns(table)]
    if table.load == "upsert":
        lines.insert(lines.index("updated_at"), "coalesce(deleted, false) as is_deleted")
        lines += VERSION_COLUMNS
    return lines
