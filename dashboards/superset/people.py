"""Superset's users: the administrator, those of roles whose password is set, and those of the bank's file of people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from access import OURS, set_role
from access_file import FROM_FILE, AccessFile, User, account, role_names
from asset_bundle.audiences import ADMIN, Role
from installation import Installation, kept_secret
from werkzeug.security import check_password_hash


def ensure_admin(security: Any, installation: Installation) -> Any:
    """The user `admin`; a password in the environment is set, a generated one only when the user is made."""
    if (user := security.find_user(username=ADMIN)) is None:
        role = security.find_role(security.auth_role_admin)
        return _added(security, ADMIN, [role], installation.admin_password)
    if not installation.admin_password_is_generated:
        _set_password(security, user, installation.admin_password)
    return user


def ensure_users_of_roles(security: Any, installation: Installation, roles: Sequence[Role]) -> None:
    """The user of each role that has one and whose password is set, with that role only."""
    for role in roles:
        if role.user and (password := installation.password_of(role.user)):
            held = security.find_role(role.name)
            if (user := security.find_user(username=role.user)) is None:
                _added(security, role.user, [held], password)
            else:
                user.roles = [held]
                _set_password(security, user, password)


def set_people(security: Any, installation: Installation, persons: AccessFile, roles: Sequence[Role]) -> list[str]:
    """The users of the file, each with exactly its roles; those that it dropped are let in no longer.

    Returns:
        The names of those who are let in no longer.
    """
    from_file = set_role(security, FROM_FILE, [OURS])
    for person in persons.users:
        held = [security.find_role(name) for name in role_names(person.grant, roles, security.auth_role_admin)]
        _set_person(security, installation, person, [*held, from_file])
    accounts = {account(person.user) for person in persons.users}
    left = [user for user in from_file.user if user.active and account(user.username) not in accounts]
    for user in left:
        user.active = False
        user.roles = [from_file]
    security.session.flush()
    return sorted(user.username for user in left)


def _set_person(security: Any, installation: Installation, person: User, held: list[Any]) -> None:
    given = installation.password_of(person.user)
    user = security.find_user(username=person.user)
    if user is None:
        password = given or kept_secret(installation.password_file(person.user))
        user = _added(security, person.user, held, password)
    elif given:
        _set_password(security, user, given)
    user.roles = held
    user.active = True
    if person.name:
        user.first_name, user.last_name = person.name, ""


def _added(security: Any, name: str, roles: list[Any], password: str) -> Any:
    user = security.add_user(name, name.capitalize(), "Needloop", f"{name}@needloop.invalid", roles, password=password)
    if not user:
        raise RuntimeError(f"Superset could not make the user {name!r}: see its log above")
    return user


def _set_password(security: Any, user: Any, password: str) -> None:
    if not check_password_hash(user.password, password):
        security.reset_password(user.id, password)
