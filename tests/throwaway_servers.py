"""Servers of the tests' own: PostgreSQL, Redis and a directory of people (OpenLDAP).

They listen on free ports of the loopback and live in folders that go when the tests end.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from needloop.postgresql import PostgresqlError, postgresql
from tests.programs import not_here, program

_STARTS_WITHIN_SECONDS = 30


class PostgresqlServer:
    """A cluster with one user, whose password has characters that a URI must encode."""

    password = f"p@ss/{secrets.token_hex(8)}"

    def __init__(self, port: int) -> None:
        self.port = port

    def uri(self, database: str) -> str:
        """As a setting names it."""
        encoded = self.password.replace("@", "%40").replace("/", "%2F")
        return f"postgresql://needloop:{encoded}@127.0.0.1:{self.port}/{database}"

    def database(self, name: str) -> str:
        """Makes an empty one; returns its URI."""
        self.command(f'create database "{name}"')
        return self.uri(name)

    def command(self, statement: str) -> None:
        """A statement that no transaction may hold."""
        import psycopg2  # noqa: PLC0415 - an optional dependency

        with contextlib.closing(psycopg2.connect(self.uri("postgres"))) as connection:
            connection.autocommit = True
            connection.cursor().execute(statement)


def running_postgresql() -> Iterator[PostgresqlServer]:
    """Started, and ended afterwards. Skips where there is none; in CI there has to be one."""
    programs = _postgresql_programs()
    if programs is None:
        not_here("no PostgreSQL on this machine: `sudo apt-get install postgresql` enables these tests")
    with _folder("postgres") as folder:
        server = PostgresqlServer(_free_port())
        password = folder / "password"
        password.write_text(server.password, "utf-8")
        shutil.chown(password, *_owner("postgres"))
        made = subprocess.run(
            [str(programs / "initdb"), "--pgdata", str(folder / "cluster"), "--username=needloop",
             f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"],
            capture_output=True, text=True, check=False, **_as("postgres"),
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        command = [
            programs / "postgres", "-D", folder / "cluster", "-p", str(server.port), "-h", "127.0.0.1",
            "-k", folder, "-F",
        ]  # fmt: skip
        with _process(command, folder / "log", "postgres", lambda: _answers(server)):
            yield server


@dataclass(frozen=True)
class RedisServer:
    """A Redis that asks for a password."""

    port: int
    password: str

    @property
    def url(self) -> str:
        """As a setting names it."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def command(self, *words: str) -> list[str]:
        """What it answers, line by line."""
        asked = subprocess.run(
            ["redis-cli", "-p", str(self.port), "--no-auth-warning", "-a", self.password, *words],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return asked.stdout.splitlines()


def running_redis() -> Iterator[RedisServer]:
    """Started, and ended afterwards. Skips where there is none; in CI there has to be one."""
    redis = program("redis-server", package="redis-server")
    password, port = secrets.token_hex(8), _free_port()
    with _folder(None) as folder:
        command = [
            redis, "--port", str(port), "--bind", "127.0.0.1", "--requirepass", password, "--save", "",
            "--dir", str(folder), "--maxmemory", "64mb",
        ]  # fmt: skip
        with _process(command, folder / "log", None, lambda: _listens(port)):
            yield RedisServer(port, password)


@dataclass(frozen=True)
class DirectoryServer:
    """An OpenLDAP that answers over TLS only: services that may search, people, and groups that people know of."""

    port: int
    start_tls_port: int
    folder: Path
    root_password: str

    bank = "dc=bank,dc=example"
    root = "cn=root,dc=bank,dc=example"
    people = "ou=people,dc=bank,dc=example"
    groups = "ou=groups,dc=bank,dc=example"

    @property
    def address(self) -> str:
        """Encrypted from the first byte. Not localhost, for which the library expects the machine's own name."""
        return f"ldaps://127.0.0.1:{self.port}"

    @property
    def start_tls_address(self) -> str:
        """Where a connection begins readable, and has to be encrypted before anybody signs in."""
        return f"ldap://127.0.0.1:{self.start_tls_port}"

    @property
    def authority(self) -> Path:
        """Who vouches for the directory's certificate: itself."""
        return self.folder / "certificate.pem"

    def change(self, ldif: str) -> None:
        """Entries added and changed, as LDIF writes them."""
        done = subprocess.run(
            ["ldapmodify", "-x", "-a", "-H", self.address, "-D", self.root, "-w", self.root_password],
            env=os.environ | {"LDAPTLS_CACERT": str(self.authority)},
            input=ldif, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


_DIRECTORY = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
TLSCACertificateFile {folder}/certificate.pem
TLSCertificateFile {folder}/certificate.pem
TLSCertificateKeyFile {folder}/key.pem
security simple_bind=128
# What Active Directory does: who names somebody and gives no password is let in, as nobody.
allow bind_anon_cred
require authc
database mdb
suffix "dc=bank,dc=example"
rootdn "{root}"
rootpw {password}
directory {folder}/entries
access to attrs=userPassword by anonymous auth by * none
access to * by dn.subtree="ou=services,dc=bank,dc=example" read by * none
overlay memberof
"""


def running_directory() -> Iterator[DirectoryServer]:
    """Started, and ended afterwards. Skips where there is none; in CI there has to be one."""
    slapd, openssl = program("slapd", package="slapd"), program("openssl", package="openssl")
    program("ldapmodify", package="ldap-utils")
    with _folder(None) as folder:
        server = DirectoryServer(_free_port(), _free_port(), folder, secrets.token_hex(8))
        certificate: list[object] = [
            openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=directory",
            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem", "-out", server.authority,
        ]  # fmt: skip
        subprocess.run([str(part) for part in certificate], capture_output=True, check=True)
        (folder / "entries").mkdir()
        (folder / "slapd.conf").write_text(
            _DIRECTORY.format(folder=folder, root=server.root, password=server.root_password), "utf-8"
        )
        # -d 0: it stays in the foreground.
        listens = f"{server.address}/ {server.start_tls_address}/"
        command: list[object] = [slapd, "-f", folder / "slapd.conf", "-h", listens, "-d", "0"]
        with _process(command, folder / "log", None, lambda: _listens(server.port)):
            yield server


def _postgresql_programs() -> Path | None:
    """Debian keeps initdb and postgres out of the search path."""
    on_path = shutil.which("initdb")
    places = [Path(on_path).resolve().parent] if on_path else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "initdb").exists() and (place / "postgres").exists()), None)


def _owner(user: str | None) -> tuple[int, int]:
    """PostgreSQL does not run as root: its package brings a user."""
    if user is None or os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    found = pwd.getpwnam(user)
    return found.pw_uid, found.pw_gid


def _as(user: str | None) -> dict[str, Any]:
    if os.geteuid() != 0 or user is None:
        return {}
    uid, gid = _owner(user)
    return {"user": uid, "group": gid}


@contextlib.contextmanager
def _folder(user: str | None) -> Iterator[Path]:
    """Not pytest's own, which another user cannot enter; a socket's path must be short, too."""
    with tempfile.TemporaryDirectory(prefix="needloop-", ignore_cleanup_errors=True) as name:
        os.chown(name, *_owner(user))
        yield Path(name)


@contextlib.contextmanager
def _process(command: Sequence[object], log: Path, user: str | None, answers: Callable[[], bool]) -> Iterator[None]:
    with log.open("wb") as handle:
        process = subprocess.Popen(
            [str(part) for part in command], stdout=handle, stderr=subprocess.STDOUT, cwd=log.parent, **_as(user)
        )
        try:
            deadline = time.monotonic() + _STARTS_WITHIN_SECONDS
            while not answers():
                if process.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"{command[0]} did not start:\n{log.read_text('utf-8', 'replace')[-2000:]}")
                time.sleep(0.1)
            yield
        finally:
            process.send_signal(signal.SIGINT)  # which PostgreSQL takes as: now, whoever is connected
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(15)


def _answers(server: PostgresqlServer) -> bool:
    try:
        return postgresql("TESTS", server.uri("postgres")).answer("select 1") == 1
    except PostgresqlError as error:
        if "driver" in str(error):
            raise
        return False


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
