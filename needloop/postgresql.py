"""A PostgreSQL database named by a URI: validate it before any library uses it, and never show its password.

Superset's environment imports this too, so it needs only the standard library until it queries a server.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

FORM = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
_HOST = re.compile(r"[A-Za-z0-9._:-]+")  # names and addresses, IPv6 too
_DATABASE = re.compile(r"/[^/@:]+")
_SECONDS_TO_CONNECT = 5


class PostgresqlError(Exception):
    """The server cannot be used; the message says what to do and contains no password."""


@dataclass(frozen=True)
class Postgresql:
    """A database and the setting that names it."""

    setting: str
    place: str
    """Host, port and database, for display."""
    uri: str
    password: str

    def __repr__(self) -> str:
        """Omits the password, wherever it is printed."""
        return f"Postgresql({self.setting}: {self.place})"

    def answer(self, query: str) -> object:
        """The first column of the query's first row. Raises PostgresqlError if driver or server is unavailable."""
        try:
            import psycopg2  # noqa: PLC0415 - an optional dependency
        except ImportError:
            raise PostgresqlError(
                f"{self.setting} names a PostgreSQL database, but the driver is missing: run `make setup POSTGRES=1`"
            ) from None
        try:
            connection = psycopg2.connect(self.uri, connect_timeout=_SECONDS_TO_CONNECT)
            try:
                with connection.cursor() as cursor:
                    cursor.execute(query)
                    row = cursor.fetchone()
            finally:
                connection.close()
        except psycopg2.Error as error:
            raise PostgresqlError(
                f"the database at {self.place} does not answer: {self._without_password(error)}. Check that it runs"
                f" and accepts this user, then try again, or unset {self.setting} to use the embedded SQLite"
            ) from None
        return row[0] if row else None

    def _without_password(self, error: Exception) -> str:
        message = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
        for secret in {self.password, unquote(self.password)} - {""}:
            message = message.replace(secret, "***")
        return message


def postgresql(setting: str, uri: str) -> Postgresql:
    """The database that a setting names. Raises PostgresqlError for an invalid URI, without repeating it."""
    try:
        parts = urlsplit(uri)
        host, port = parts.hostname or "", parts.port or 5432
        options = parse_qs(parts.query, strict_parsing=bool(parts.query))
    except ValueError:
        raise _wrong_form(setting) from None
    # An unescaped @, / or # in the password shifts the other parts. Validate them, or a piece of it would be shown.
    well_formed = (
        parts.scheme == "postgresql"
        and _DATABASE.fullmatch(parts.path)
        and not parts.fragment
        and parts.netloc.count("@") <= 1
        and (_HOST.fullmatch(host) if host else "host" in options)
    )
    if not well_formed:
        raise _wrong_form(setting)
    place = f"{host}:{port}{parts.path}" if host else f"{options['host'][0]}{parts.path}"
    return Postgresql(setting, place, uri, parts.password or "")


def _wrong_form(setting: str) -> PostgresqlError:
    return PostgresqlError(
        f"{setting} is not of the form {FORM}: percent-encode special characters in the user and password"
        " (@ as %40, / as %2F, # as %23, % as %25)"
    )
