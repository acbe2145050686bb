"""Write a row of texts as a CSV record, for rows and headers of formats other than CSV."""

from __future__ import annotations

from collections.abc import Sequence


def csv_record_sql(expressions: Sequence[str]) -> str:
    """An SQL expression: the texts as one comma-separated record, quoted where needed; null becomes empty."""
    fields = [
        f"""case when regexp_matches({text}, '[",\\r\\n]') then '"' || replace({text}, '"', '""') || '"'
            else coalesce({text}, '') end"""
        for text in expressions
    ]
    return f"concat_ws(',', {', '.join(fields)})"


def csv_record(fields: Sequence[str]) -> str:
    """The texts as one comma-separated record, quoted where needed."""
    return ",".join(
        '"' + text.replace('"', '""') + '"' if any(sign in text for sign in '",\r\n') else text for text in fields
    )
