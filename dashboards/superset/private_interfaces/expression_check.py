"""A check of our own in front of Superset's, through which every expression of a request goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp


class Statement:
    """An expression of a request, as Superset parses it."""

    def __init__(self, sql: str, engine: str) -> None:
        """Parse it; raises ValueError where Superset cannot."""
        from superset.exceptions import SupersetParseError  # noqa: PLC0415 - Superset is being imported meanwhile
        from superset.sql.parse import SQLStatement  # noqa: PLC0415

        try:
            self._statement = SQLStatement(sql, engine)
        except SupersetParseError as error:
            raise ValueError(str(error)) from error

    @property
    def parsed(self) -> exp.Expression:
        """The syntax tree."""
        tree: exp.Expression = self._statement._parsed
        return tree

    def calls_one_of(self, functions: set[str]) -> bool:
        """Whether it calls one of these functions."""
        return bool(self._statement.check_functions_present(functions))


def check_expressions_first(refusal: Callable[[str, str], str | None]) -> None:
    """Ask `refusal` (of SQL and engine) before Superset's own check; a text that it returns refuses the request."""
    from superset.exceptions import QueryObjectValidationError  # noqa: PLC0415
    from superset.models import helpers  # noqa: PLC0415 - Superset is being imported while this module is

    superset_check = helpers.validate_adhoc_subquery

    def validate(sql: str, database: Any, catalog: str | None, default_schema: str, engine: str) -> str:
        if (refused := refusal(sql, engine)) is not None:
            raise QueryObjectValidationError(refused)
        return str(superset_check(sql, database, catalog, default_schema, engine))

    helpers.validate_adhoc_subquery = validate
