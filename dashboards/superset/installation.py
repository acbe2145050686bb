"""Where this installation's data and secrets lie: the only module here that reads the environment.

NEEDLOOP_DATA
    Folder that holds the published releases; Superset keeps its own files in `superset/` below it.
    Default: `var` of the checkout.
NEEDLOOP_LANGUAGE
    Language before a user has chosen one: `zh` (default) or `en`.
NEEDLOOP_SUPERSET_SECRET_KEY
    Key that signs sessions, at least 32 characters.
    Default: generated once, kept in `superset/secret_key`, which only its owner can read.
NEEDLOOP_SUPERSET_ADMIN_PASSWORD
    Password of the user `admin`.
    Default: generated once, kept in `superset/admin_password`, which only its owner can read.
NEEDLOOP_SUPERSET_VIEWER_PASSWORD, NEEDLOOP_SUPERSET_TRAINING_LEAD_PASSWORD
    Passwords of the users `viewer` and `training_lead`, one a role of assets/roles. Default: there is no such user;
    one that an earlier provisioning made is deactivated.
NEEDLOOP_ACCESS
    The bank's file of people: users and groups, their roles and branches (docs/access.md).
    Default: the one that is shipped, access.yml, with nobody in it.
NEEDLOOP_SUPERSET_<USER>_PASSWORD
    Password of a user of that file. Default: generated once, kept in `superset/passwords/`, which only its owner can
    read.
NEEDLOOP_KEEP_AUDIT_DAYS
    Days that entries of the audit record are kept. Default: 400.
NEEDLOOP_ANALYST_SQL_LAB
    `1` lets analysts write queries of their own on everything published, rows of single persons too. Default: `0`.
NEEDLOOP_SUPERSET_SIGN_ON, NEEDLOOP_OIDC_…, NEEDLOOP_LDAP_…
    Signing in through the bank's identity provider: single_sign_on.py explains them. Default: passwords kept here.
NEEDLOOP_SUPERSET_BEHIND_PROXY
    `1` when a reverse proxy with TLS stands in front: its X-Forwarded-* headers are trusted and cookies travel
    over TLS only. Default: `0`.
NEEDLOOP_SUPERSET_FRAME_ANCESTORS
    Origins, separated by spaces, that may show the dashboards in a frame. Default: none.
NEEDLOOP_SUPERSET_METADATA_URI
    PostgreSQL of Superset's metadata, as postgresql://USER:PASSWORD@HOST:PORT/DATABASE.
    Default: SQLite in `superset/metadata.db`.
NEEDLOOP_SUPERSET_REDIS_URL
    Redis of the caches and of the counts of logins, as redis://:PASSWORD@HOST:PORT/NUMBER (rediss:// with TLS).
    Default: no results are cached, each server process counts logins by itself.
NEEDLOOP_SUPERSET_KEEP_LOG_DAYS
    Days for which Superset's own log of every click is kept by prune_logs.py. Default: 400.
NEEDLOOP_SUPERSET_WORKERS, NEEDLOOP_SUPERSET_THREADS
    Server processes (default 2), threads of each (default 8).
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from dashboards.superset.access_file import password_variable
from needloop.secret_file import DamagedSecretError, stored_secret

PROJECT_ROOT = Path(__file__).resolve().parents[2]
SHORTEST_SECRET = 32
LANGUAGES = ("zh", "en")
METADATA_URI = "NEEDLOOP_SUPERSET_METADATA_URI"
REDIS_URL = "NEEDLOOP_SUPERSET_REDIS_URL"


class InstallationError(Exception):
    """A setting that cannot work; the message says what to do."""


@dataclass(frozen=True)
class Installation:
    """Paths and settings of one installation of the dashboards."""

    data: Path

    @property
    def home(self) -> Path:
        """Folder of Superset's own files."""
        return self.data / "superset"

    @property
    def metadata_file(self) -> Path:
        """Superset's metadata: users, roles, dashboards, audit log."""
        return self.home / "metadata.db"

    @property
    def given_metadata_uri(self) -> str | None:
        """PostgreSQL of the metadata; None keeps it in `metadata_file`. It may hold a password: never log it."""
        return os.environ.get(METADATA_URI) or None

    @property
    def metadata_uri(self) -> str:
        """Where Superset finds its metadata. It may hold a password: never log it."""
        return self.given_metadata_uri or f"sqlite:///{self.metadata_file}?check_same_thread=false"

    @property
    def redis_url(self) -> str | None:
        """Redis of the caches; None when there is none. It may hold a password: never log it."""
        return os.environ.get(REDIS_URL) or None

    @property
    def keep_log_days(self) -> int:
        """Days for which Superset's own log is kept."""
        return _count("NEEDLOOP_SUPERSET_KEEP_LOG_DAYS", 400)

    @property
    def admin_password_file(self) -> Path:
        """Where a generated password of `admin` is kept."""
        return self.home / "admin_password"

    @property
    def access_file(self) -> Path:
        """The file of people."""
        named = os.environ.get("NEEDLOOP_ACCESS")
        return Path(named).expanduser().absolute() if named else Path(__file__).with_name("access.yml")

    def password_file(self, user: str) -> Path:
        """Where a generated password of a user of the file of people is kept."""
        return self.home / "passwords" / user

    def password_is_generated(self, user: str) -> bool:
        """Whether the password of a user of the file of people lies in a file rather than in the environment."""
        return self.password_of(user) is None

    @property
    def analysts_query(self) -> bool:
        """Whether analysts write queries of their own."""
        return os.environ.get("NEEDLOOP_ANALYST_SQL_LAB", "0") == "1"

    @property
    def provisioning_log(self) -> Path:
        """What Superset said while it was provisioned last."""
        return self.home / "provisioning.log"

    @property
    def published_file(self) -> Path:
        """The marts of the current release; `current` is a symlink that publishing replaces."""
        return self.data / "current" / "needloop_marts.duckdb"

    @property
    def language(self) -> str:
        """Language before a user has chosen one."""
        language = os.environ.get("NEEDLOOP_LANGUAGE", "zh")
        if language not in LANGUAGES:
            raise InstallationError(f"NEEDLOOP_LANGUAGE is {language!r}: set it to zh or en")
        return language

    @property
    def secret_key(self) -> str:
        """The key that signs sessions and encrypts stored secrets."""
        given = os.environ.get("NEEDLOOP_SUPERSET_SECRET_KEY")
        if given is not None and len(given) < SHORTEST_SECRET:
            raise InstallationError(
                f"NEEDLOOP_SUPERSET_SECRET_KEY has {len(given)} characters: set one of at least {SHORTEST_SECRET},"
                " or unset it to have one generated"
            )
        return given or generated_secret(self.home / "secret_key")

    @property
    def admin_password(self) -> str:
        """Password of the user `admin`."""
        return os.environ.get("NEEDLOOP_SUPERSET_ADMIN_PASSWORD") or generated_secret(self.admin_password_file)

    @property
    def admin_password_is_generated(self) -> bool:
        """Whether the password lies in a file rather than in the environment."""
        return not os.environ.get("NEEDLOOP_SUPERSET_ADMIN_PASSWORD")

    def password_of(self, user: str) -> str | None:
        """Password of the user of a role; None when there is to be no such user."""
        return os.environ.get(password_variable(user)) or None

    def given(self, variable: str) -> str | None:
        """A setting that is used as it is; None when it is not set."""
        return os.environ.get(variable) or None

    @property
    def audit_folder(self) -> Path:
        """The record of logins and exports, which `needloop audit` lists."""
        return self.data / "audit"

    @property
    def keep_audit_days(self) -> int:
        """Days that entries of the audit record are kept."""
        return _count("NEEDLOOP_KEEP_AUDIT_DAYS", 400)

    @property
    def behind_proxy(self) -> bool:
        """Whether a reverse proxy with TLS stands in front."""
        return os.environ.get("NEEDLOOP_SUPERSET_BEHIND_PROXY", "0") == "1"

    @property
    def frame_ancestors(self) -> list[str]:
        """Origins that may show the dashboards in a frame."""
        return os.environ.get("NEEDLOOP_SUPERSET_FRAME_ANCESTORS", "").split()

    @property
    def workers(self) -> int:
        """Server processes."""
        return _count("NEEDLOOP_SUPERSET_WORKERS", 2)

    @property
    def threads(self) -> int:
        """Threads of each server process."""
        return _count("NEEDLOOP_SUPERSET_THREADS", 8)

    def prepare(self) -> None:
        """Make Superset's folder, readable by its owner only."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.home.chmod(stat.S_IRWXU)

    def enter(self) -> None:
        """Let this process, and those that it starts, use this installation and our configuration of Superset."""
        os.environ["NEEDLOOP_DATA"] = str(self.data)
        os.environ["SUPERSET_CONFIG_PATH"] = str(Path(__file__).with_name("superset_config.py"))
        os.environ["SUPERSET_HOME"] = str(self.home)
        # Front-end and back-end packages that phone home look at these two.
        os.environ["SCARF_ANALYTICS"] = "false"
        os.environ["DO_NOT_TRACK"] = "1"


def installation(data: Path | None = None) -> Installation:
    """The installation whose data folder is `data`, or else NEEDLOOP_DATA, or else `var` of the checkout."""
    chosen = data or Path(os.environ.get("NEEDLOOP_DATA") or PROJECT_ROOT / "var")
    return Installation(chosen.expanduser().absolute())


def generated_secret(file: Path) -> str:
    """The secret kept in `file`; generated, readable by its owner only, when there is none yet."""
    try:
        return stored_secret(file, remedy="Delete it to have one generated.", shortest=SHORTEST_SECRET).decode()
    except DamagedSecretError as error:
        raise InstallationError(str(error)) from None


def _count(variable: str, default: int) -> int:
    text = os.environ.get(variable, str(default))
    if not text.isdecimal() or int(text) < 1:
        raise InstallationError(f"{variable} is {text!r}: set it to a whole number from 1")
    return int(text)
