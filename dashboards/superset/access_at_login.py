"""What the file of people grants at the moment when somebody signs in: a change needs no restart of the server."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from dashboards.superset.access_file import AccessFileError, read_access_file, roles_mapping, roles_of_users
from dashboards.superset.asset_bundle.audiences import Role

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Granted:
    """What Superset calls the roles that the file grants."""

    of_groups: dict[str, list[str]]
    """Group of the identity provider → the roles of its members."""
    of_users: dict[str, list[str]]
    """Account (as `account` writes it) of a user of the file → the user's roles, whatever the groups."""


class AccessAtLogin:
    """The file of people, read again when it has changed."""

    def __init__(self, file: Path, roles: Collection[Role], admin: str) -> None:
        """Use this file.

        Args:
            file: the file of people.
            roles: the roles that there are beside Superset's `admin`.
            admin: what Superset calls that one.
        """
        self._file, self._roles, self._admin = file, roles, admin
        self._read: tuple[tuple[int, int, int], Granted] | None = None

    def granted(self) -> Granted | None:
        """What the file grants now; None while it cannot be used, when nobody may be let in by it."""
        try:
            found = self._file.stat()
            state = (found.st_mtime_ns, found.st_size, found.st_ino)
            if self._read is None or self._read[0] != state:
                self._read = (state, self._granted())
            return self._read[1]
        except (AccessFileError, OSError) as error:
            self._read = None
            _log.error("The identity provider's people are not let in while the file of people is wrong: %s", error)
            return None

    def roles_of_groups(self) -> dict[str, list[str]]:
        """AUTH_ROLES_MAPPING, for which Flask-AppBuilder asks at each login."""
        granted = self.granted()
        return granted.of_groups if granted else {}

    def _granted(self) -> Granted:
        people = read_access_file(self._file, self._roles, [])
        return Granted(
            roles_mapping(people, self._roles, self._admin), roles_of_users(people, self._roles, self._admin)
        )
