"""dbt properties of delivered tables: sources, documentation of the staging models, descriptions of their columns."""

from __future__ import annotations

import json
from collections.abc import Sequence

from needloop.contract.dbt_staging import VERSION_COLUMNS, model_name, staged_columns, unique_key
from needloop.contract.model import Contract, Table
from needloop.warehouse.raw_tables import RAW_BOOKKEEPING

_BESIDE_DELIVERED = {
    "is_deleted": "Whether this version deletes the row.",
    "is_first": "Whether this is the earliest delivered version of the row.",
    "is_current": "Whether this is the latest delivered version of the row.",
    "valid_from": "The version is valid at t when valid_from < t <= valid_to; the first from the beginning of time.",
    "valid_to": "When the next version was written; the end of time for the last one.",
    "_file": "The delivered file, as a path within the landing zone.",
    "_line": "The line of the file on which the row begins.",
    "_loaded_at": "When the row was loaded.",
    "_batch_id": "The run that loaded the row.",
    "_load_id": "The file's entry in landing.loads; with _line it gives the load order.",
}
"""Columns that every raw table or every table with versions has, and no bank delivers."""


def sources_yaml(system: str, tables: Sequence[Table], note: str) -> str:
    """dbt's sources of one system."""
    lines = [
        f"# {note}",
        "version: 2",
        "",
        "sources:",
        f"  - name: {system}",
        f"    description: What the bank's {system} system delivered, as loaded; the source contract defines it.",
        "    schema: raw",
        "    tables:",
    ]
    for table in tables:
        lines += _source(table)
    return "\n".join(lines) + "\n"


def models_yaml(tables: Sequence[Table], note: str) -> str:
    """Documentation and key tests of the staging models of one system."""
    lines = [f"# {note}", "version: 2", "", "models:"]
    for table in tables:
        lines += [
            f"  - name: {model_name(table)}",
            f"    description: {_quoted(_staging_description(table))}",
            f"    data_tests: [{{unique_key: {{arguments: {{columns: [{', '.join(unique_key(table))}]}}}}}}]",
            "    columns:",
        ]
        for column in staged_columns(table):
            if column.name == "updated_at" and table.load == "upsert":
                lines.append(_column("      ", "is_deleted", "is_deleted"))
            lines.append(_column("      ", column.staged_as, column.called, note=column.note))
        if table.load == "upsert":
            lines += [_column("      ", name, name) for name in VERSION_COLUMNS]
    return "\n".join(lines) + "\n"


def column_texts(contract: Contract, note: str) -> str:
    """dbt's doc blocks: what a delivered column means, once for every layer in which it appears."""
    texts = {c.called: c.description for table in contract.tables for c in table.columns} | _BESIDE_DELIVERED
    blocks = [f"{{% docs {name} %}}{text}{{% enddocs %}}" for name, text in sorted(texts.items())]
    return f"{{#- {note} Models refer to these texts with doc(). -#}}\n\n" + "\n".join(blocks) + "\n"


def table_list_macro(contract: Contract, note: str) -> str:
    """A macro that returns the delivered tables; unlike dbt's graph it is known while dbt parses."""
    return (
        f"{{#- {note} -#}}\n"
        "{#- Every delivered table: system, name, load mode, key and the column that tells of activity. -#}\n"
        "{% macro delivered_tables() %}\n"
        "    {{ return([\n" + "\n".join(_listed(table) for table in contract.tables) + "\n    ]) }}\n"
        "{% endmacro %}\n"
    )


def _listed(table: Table) -> str:
    activity = f"'{table.activity}'" if table.activity else "none"
    return (
        f"        {{'system': '{table.system}', 'name': '{table.name}', 'load': '{table.load}', "
        f"'key': [{', '.join(repr(name) for name in table.key)}], 'activity': {activity}}},"
    )


def _source(table: Table) -> list[str]:
    meta = [f"key: [{', '.join(table.key)}]"]
    if table.happened_on:
        meta.append(f"dates: [{', '.join(table.happened_on)}]")
    if table.version_at:
        meta.append(f"version_at: {table.version_at}")
    rows = (
        "Every loaded version of each row" if table.load == "upsert" else "Events, and the void rows that cancel them"
    )
    indent = "          "
    return [
        f"      - name: {table.name}",
        f"        identifier: {table.raw_name}",
        f"        config: {{meta: {{{', '.join(meta)}}}}}",
        f"        description: {_quoted(f'{table.title.zh} · {table.title.en}. {rows}.')}",
        "        columns:",
        *(_column(indent, c.name, c.called, c.sql_type, c.note) for c in table.columns),
        *(_column(indent, name, name, sql_type) for name, sql_type in RAW_BOOKKEEPING),
    ]


def _column(indent: str, name: str, text: str, sql_type: str = "", note: str = "") -> str:
    fields = [f"name: {name}"]
    if sql_type:
        data_type = sql_type.lower()
        fields.append(f"data_type: {_quoted(data_type) if ',' in data_type else data_type}")
    description = f"{{{{ doc('{text}') }}}}" + (f" {note}." if note else "")
    fields.append(f"description: {_quoted(description)}")
    return f"{indent}- {{{', '.join(fields)}}}"


def _staging_description(table: Table) -> str:
    kept_back = [column.name for column in table.columns if column.stays_in_raw]
    rest = f" Left in raw: {', '.join(kept_back)}." if kept_back else ""
    if table.load == "append":
        return f"{table.title.en}, excluding voided events.{rest}"
    return f"{table.title.en}: one row per key and version, with its validity.{rest}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
