"""The bank's file of people: users, and groups of the identity provider, with their roles and branches.

NEEDLOOP_ACCESS names it. Every mistake is told in a sentence with the file, the place in it and the remedy.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from dashboards.superset.asset_bundle.audiences import ADMIN, Role, known_roles

BRANCH_ROLE = "Needloop branch {}"
# A role that may do nothing: whoever has it was made from the file, and loses everything when the file drops them.
FROM_FILE = "Needloop: user of the file of people"
_USER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_ENTRY_LINES = {
    "users": {"user", "name", "role", "roles", "branches"},
    "groups": {"group", "role", "roles", "branches"},
}
_NAMED_BY = {"users": "user", "groups": "group"}


class AccessFileError(Exception):
    """The file of people cannot be used; the message says what to correct where."""


@dataclass(frozen=True)
class Grant:
    """What a user or a group is let in as."""

    roles: tuple[str, ...]
    """As roles.yml names them; `admin` is Superset's own."""
    branches: tuple[str, ...]
    """Branch ids, of who sees own branches only."""
    place: str
    """Where the file says it."""


@dataclass(frozen=True)
class User:
    """A person."""

    user: str
    """The name to sign in with."""
    name: str | None
    grant: Grant


@dataclass(frozen=True)
class AccessFile:
    """Who is let in, in which role."""

    file: Path
    users: tuple[User, ...]
    groups: dict[str, Grant]
    """Name of a group of the identity provider → what its members are let in as."""

    @property
    def branches(self) -> list[str]:
        """Every branch that somebody sees, once."""
        grants = [*(user.grant for user in self.users), *self.groups.values()]
        return sorted({branch for grant in grants for branch in grant.branches})


def shipped_roles() -> tuple[Role, ...]:
    """The roles of `assets/roles`, for what does not read the rest of the assets."""
    file = Path(__file__).with_name("assets") / "roles" / "roles.yml"
    return known_roles(yaml.safe_load(file.read_text(encoding="utf-8")))


def password_variable(user: str) -> str:
    """The environment variable that sets a user's password: letters and digits stay, all else is an underscore."""
    return f"NEEDLOOP_SUPERSET_{re.sub('[^A-Z0-9]', '_', user.upper())}_PASSWORD"


def account(user: str) -> str:
    """The account of a user's name: Superset finds accounts whatever the case that a name is written in.

    Names of the file are of ASCII letters. Other alphabets have letters whose lower case is one of them, which
    databases tell apart.
    """
    return user.lower() if user.isascii() else user


def roles_mapping(access: AccessFile, roles: Collection[Role], admin: str) -> dict[str, list[str]]:
    """Group of the identity provider → what Superset calls the roles of its members (AUTH_ROLES_MAPPING)."""
    return {group: role_names(grant, roles, admin) for group, grant in access.groups.items()}


def roles_of_users(access: AccessFile, roles: Collection[Role], admin: str) -> dict[str, list[str]]:
    """Account of a user of the file → what Superset calls the roles it has whatever the identity provider says."""
    return {account(user.user): [*role_names(user.grant, roles, admin), FROM_FILE] for user in access.users}


def kept_users(roles: Collection[Role]) -> list[str]:
    """The accounts that provisioning makes without the file of people."""
    return [ADMIN, *(account(role.user) for role in roles if role.user)]


def role_names(grant: Grant, roles: Collection[Role], admin: str) -> list[str]:
    """What Superset calls the roles of a grant: those that it names, and one for each branch."""
    names = {role.role: role.name for role in roles} | {ADMIN: admin}
    return [names[role] for role in grant.roles] + [BRANCH_ROLE.format(branch) for branch in grant.branches]


def read_access_file(file: Path, roles: Collection[Role], taken: Collection[str]) -> AccessFile:
    """The file of people.

    Args:
        file: the bank's, or the one that is shipped.
        roles: the roles that there are beside Superset's `admin`.
        taken: users that provisioning makes without the file.

    Raises:
        AccessFileError: it cannot be read, or says something that cannot be.
    """
    content = _content(file)
    reader = _Reader(file, {role.role: role for role in roles})
    users = tuple(reader.user(number, entry) for number, entry in enumerate(content["users"], 1))
    groups: dict[str, Grant] = {}
    for number, entry in enumerate(content["groups"], 1):
        name, grant = reader.group(number, entry)
        if name in groups:
            raise AccessFileError(f"{grant.place} repeats the group {name!r}: write it once, with all its branches")
        groups[name] = grant
    _each_user_once(users, taken)
    return AccessFile(file, users, groups)


def check_branches(access: AccessFile, known: Collection[str]) -> None:
    """That every branch of the file is one of the published release.

    Raises:
        AccessFileError: one is not.
    """
    for grant in (*(user.grant for user in access.users), *access.groups.values()):
        for branch in grant.branches:
            if branch not in known:
                some = ", ".join(sorted(known)[:3])
                raise AccessFileError(
                    f"{grant.place} names the branch {branch!r}, which the published release does not have: write its"
                    f" id as the source systems do (such as {some}), or take it out"
                )


def _content(file: Path) -> dict[str, list[Any]]:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise AccessFileError(
            f"{file} cannot be read ({error.strerror}): name your file in NEEDLOOP_ACCESS, or unset it"
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise AccessFileError(f"{file} is not valid YAML, correct it: {' '.join(str(error).split())}") from error
    content = {} if content is None else content
    if not isinstance(content, dict) or set(content) - set(_ENTRY_LINES):
        raise AccessFileError(f"{file} must have the lists `users` and `groups`, and nothing else: correct it")
    for name in _ENTRY_LINES:
        if not isinstance(content.get(name) or [], list):
            raise AccessFileError(f"{file}, {name}: write a list, an entry a line that begins with `- `")
    return {name: content.get(name) or [] for name in _ENTRY_LINES}


def _each_user_once(users: tuple[User, ...], taken: Collection[str]) -> None:
    """Superset tells names apart by more than their case does, and passwords are named after them."""
    seen: dict[str, str] = {password_variable(name): "is made by provisioning itself" for name in taken}
    for user in users:
        variable = password_variable(user.user)
        if variable in seen:
            raise AccessFileError(
                f"{user.grant.place}: the user {user.user!r} {seen[variable]}: write each user once, under a name that"
                " differs from others in more than case and punctuation"
            )
        seen[variable] = f"is also at {user.grant.place}"


@dataclass(frozen=True)
class _Reader:
    """Reads the entries of one file."""

    file: Path
    roles: dict[str, Role]

    def user(self, number: int, entry: Any) -> User:
        """The user of an entry."""
        name, place = self._named("users", number, entry)
        if not _USER_NAME.fullmatch(name):
            raise AccessFileError(
                f"{place}: {name!r} cannot be a user's name: use letters, digits, `.`, `_`, `-`, `@`, 64 at most"
            )
        return User(name, _text(entry.get("name")), self._grant(place, entry))

    def group(self, number: int, entry: Any) -> tuple[str, Grant]:
        """The group of an entry."""
        name, place = self._named("groups", number, entry)
        return name, self._grant(place, entry)

    def _named(self, kind: str, number: int, entry: Any) -> tuple[str, str]:
        place = f"{self.file}, {kind}, entry {number}"
        key = _NAMED_BY[kind]
        if not isinstance(entry, dict) or entry.get(key) in (None, ""):
            raise AccessFileError(f"{place} has no `{key}`: write {{{key}: NAME, role: ROLE}}")
        if unknown := sorted(set(map(str, entry)) - _ENTRY_LINES[kind]):
            allowed = ", ".join(sorted(_ENTRY_LINES[kind]))
            raise AccessFileError(f"{place} has {', '.join(unknown)}: it may have {allowed}")
        return str(entry[key]), f"{place} ({entry[key]})"

    def _grant(self, place: str, entry: dict[str, Any]) -> Grant:
        roles = _texts(entry.get("roles") or []) + _texts(entry.get("role") or [])
        branches = _texts(entry.get("branches") or [])
        known = [*self.roles, ADMIN]
        if not roles:
            raise AccessFileError(f"{place} has no role: add `role:` with one of {', '.join(known)}")
        for role in roles:
            if role not in known:
                raise AccessFileError(f"{place} has the role {role!r}, which there is not: choose {', '.join(known)}")
        own_only = [role for role in roles if role in self.roles and self.roles[role].sees_own_branches_only]
        if own_only and not branches:
            raise AccessFileError(f"{place} is {own_only[0]} of no branch: add `branches: [ID, …]`")
        if branches and not own_only:
            raise AccessFileError(
                f"{place} has branches, but a role that sees the whole bank: take `branches` out, or make it"
                f" {' or '.join(role for role, one in self.roles.items() if one.sees_own_branches_only)}"
            )
        return Grant(tuple(roles), tuple(branches), place)


def _texts(said: Any) -> list[str]:
    return [str(one) for one in said] if isinstance(said, list) else [str(said)]


def _text(said: Any) -> str | None:
    return None if said is None else str(said)
