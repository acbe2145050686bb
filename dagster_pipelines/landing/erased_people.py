"""Rows of erased customers that are delivered again: ignored, counted and reported, never stored.

Erased customers, and the contracts and needs erased with them, are known by keyed hashes only. Where nobody was ever
erased, this costs nothing.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import sha256

import duckdb

from dagster_pipelines.landing.errors import LandingError
from needloop.contract.model import Contract, Table, load_contract
from needloop.contract.ownership import PERSON, mentioning_columns, owner_columns, person_column

_HASH_LENGTH = 32
_BLOCK_BYTES = 64
_IDENTITY = "identity of the key"


def unit_is(entity: str) -> str:
    """SQL condition on a row of experiment.assignments: its unit is of this kind."""
    unit = {PERSON: "customer", "crm.needs": "need"}[entity]
    return f"experiment_id in (select experiment_id from raw.experiment__experiments where unit = '{unit}')"


def key_hash(key: bytes, entity: str, number: str) -> str:
    """The keyed hash of a customer's, contract's or need's number."""
    return hmac.new(key, f"{entity}:{number}".encode(), sha256).hexdigest()[:_HASH_LENGTH]


def hash_sql(entity: str, column: str) -> str:
    """key_hash in SQL, over a text column; takes the parameters of `padded`."""
    return (
        f"left(sha256($outer::blob || unhex(sha256($inner::blob || encode('{entity}:' || {column})))), {_HASH_LENGTH})"
    )


def padded(key: bytes) -> dict[str, bytes]:
    """The key as the two blocks of HMAC."""
    block = (sha256(key).digest() if len(key) > _BLOCK_BYTES else key).ljust(_BLOCK_BYTES, b"\0")
    return {"inner": bytes(b ^ 0x36 for b in block), "outer": bytes(b ^ 0x5C for b in block)}


def remember_key(connection: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Record which key the hashes use. Raises LandingError when they use another."""
    known = connection.execute("select key_hash from landing.erased_keys where entity = ''").fetchall()
    if not known:
        connection.execute("insert into landing.erased_keys values ('', ?)", [key_hash(key, "", _IDENTITY)])
    elif known != [(key_hash(key, "", _IDENTITY),)]:
        raise LandingError(
            "secrets/erasure_key in the data folder is not the key that the records of erased customers use, so "
            "their data could return unnoticed. Restore that file from the backup, then try again."
        )


@dataclass(frozen=True)
class ErasedPeople:
    """The customers whose data must stay out of the warehouse."""

    _key: bytes
    _contract: Contract

    @staticmethod
    def known(connection: duckdb.DuckDBPyConnection, key: bytes | None) -> ErasedPeople | None:
        """None if nobody was erased. Raises LandingError when the key is missing or not the one in use."""
        if not connection.execute("select 1 from landing.erased_keys limit 1").fetchall():
            return None
        if key is None:
            raise LandingError(
                "secrets/erasure_key is missing from the data folder. Without it, data of erased customers could "
                "return unnoticed. Restore that file from the backup, then try again."
            )
        remember_key(connection, key)
        return ErasedPeople(key, load_contract())

    def among(self, connection: duckdb.DuckDBPyConnection, table: Table, relation: str) -> bool:
        """Whether the relation, which has the table's columns, holds rows or mentions of an erased customer."""
        conditions = [condition for _, condition in (*self._owned(table, relation), *self._mentioned(table, relation))]
        if not conditions:
            return False
        found = connection.execute(
            f"select 1 from {relation} where {' or '.join(conditions)} limit 1", padded(self._key)
        ).fetchall()
        return bool(found)

    def drop(self, connection: duckdb.DuckDBPyConnection, table: Table, relation: str) -> int:
        """Delete the rows of erased customers and clear mentions of them. Returns the number of deleted rows."""
        dropped = 0
        for _, condition in self._owned(table, relation):
            row = connection.execute(f"delete from {relation} where {condition}", padded(self._key)).fetchone()
            dropped += int(row[0]) if row else 0
        for name, condition in self._mentioned(table, relation):
            connection.execute(f'update {relation} set "{name}" = null where {condition}', padded(self._key))
        return dropped

    def _owned(self, table: Table, relation: str) -> list[tuple[str, str]]:
        if table.full_name == "experiment.assignments":
            return [
                ("unit_id", f"({self._is_erased('unit_id', entity, relation)} and {unit_is(entity)})")
                for entity in (PERSON, "crm.needs")
            ]
        person = person_column(table)
        columns = owner_columns(table, self._contract) if person is None else (person,)
        return [
            (c.name, self._is_erased(c.name, PERSON if c is person else str(c.references), relation)) for c in columns
        ]

    def _mentioned(self, table: Table, relation: str) -> list[tuple[str, str]]:
        columns = mentioning_columns(table, self._contract)
        return [(c.name, self._is_erased(c.name, str(c.references), relation)) for c in columns]

    @staticmethod
    def _is_erased(column: str, entity: str, relation: str) -> str:
        """Hashes each number once, however many rows share it."""
        return (
            f'"{column}" in (select number from (select distinct "{column}" as number from {relation} '
            f'where "{column}" is not null) where {hash_sql(entity, "number")} in '
            f"(select key_hash from landing.erased_keys where entity = '{entity}'))"
        )
