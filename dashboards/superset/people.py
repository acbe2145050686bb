"""Superset's users: the administrator, those of roles whose password is set, and those of the bank's file of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.security import check_password_hash

from dashboards.superset.access import OURS, set_role
from dashboards.superset.access_file import FROM_FILE, AccessFile, User, account, password_variable, role_names
from dashboards.superset.asset_bundle.audiences import ADMIN, Role
from dashboards.superset.installation import Installation, generated_secret
from dashboards.superset.single_sign_on import SIGN_ON, sign_on_settings


@dataclass(frozen=True)
class People:
    """What was done with the users."""

    left: list[str]
    """Who is let in no longer, as the file of people dropped them."""
    without_password: list[str]
    """Users of roles who are let in no longer, as their password is not set any more."""
    passwords: list[str]
    """Where to find the passwords that are not of the environment, a sentence each."""


def ensure_admin(security: Any, installation: Installation) -> Any:
    """The user `admin`, who administers and nothing else; a generated password is set only when the user is made."""
    role = security.find_role(security.auth_role_admin)
    if (user := security.find_user(username=ADMIN)) is None:
        return _added(security, ADMIN, [role], installation.admin_password)
    user.roles, user.active = [role], True
    if not installation.admin_password_is_generated:
        _set_password(security, user, installation.admin_password)
        installation.admin_password_file.unlink(missing_ok=True)  # it is the password no longer
    return user


def set_people(security: Any, installation: Installation, persons: AccessFile, roles: Sequence[Role]) -> People:
    """The users of roles and of the file, each with exactly its roles; all others of ours are let in no longer."""
    without_password = _set_users_of_roles(security, installation, roles)
    made = [one.user for one in persons.users if security.find_user(username=one.user) is None]
    left = _set_users_of_file(security, installation, persons, roles)
    return People(left, without_password, _passwords(security, installation, persons, made))


def _set_users_of_roles(security: Any, installation: Installation, roles: Sequence[Role]) -> list[str]:
    """The user of each role that has one and whose password is set, with that role only.

    Returns:
        The names of those who are let in no longer, as their password is set no more.
    """
    without_password = []
    for role in roles:
        if role.user is None:
            continue
        user, password = security.find_user(username=role.user), installation.password_of(role.user)
        if password and user is None:
            _added(security, role.user, [security.find_role(role.name)], password)
        elif password:
            user.roles, user.active = [security.find_role(role.name)], True
            _set_password(security, user, password)
        elif user is not None and user.active:
            user.roles, user.active = [], False
            without_password.append(role.user)
    return without_password


def _set_users_of_file(
    security: Any, installation: Installation, persons: AccessFile, roles: Sequence[Role]
) -> list[str]:
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


def _passwords(security: Any, installation: Installation, persons: AccessFile, made: Sequence[str]) -> list[str]:
    """Where the passwords are: that of `admin`, and those generated now. No file is named that is not valid.

    They are set under single sign-on too, for the day on which it is given up.
    """
    said, in_no_file = [], []
    file = installation.admin_password_file
    if installation.admin_password_is_generated:
        stored = security.find_user(username=ADMIN).password
        if file.exists() and check_password_hash(stored, generated_secret(file)):
            said.append(f"Log in as admin; the password is in {file}")
        else:
            in_no_file.append(ADMIN)
    for user in (person.user for person in persons.users if installation.password_is_generated(person.user)):
        file = installation.password_file(user)
        if user in made:
            said.append(f"The password of {user} is in {file}")
        elif not file.exists():
            in_no_file.append(user)
    if in_no_file:
        said.append(
            f"The password of {', '.join(in_no_file)} is in no file and stays as it was set before."
            f" To set another, give {password_variable(in_no_file[0])} and provision again."
        )
    if sign_on_settings(installation):
        said.append(f"People sign in through {SIGN_ON}={installation.given(SIGN_ON)}: no password kept here counts.")
    return said


def _set_person(security: Any, installation: Installation, person: User, held: list[Any]) -> None:
    given = installation.password_of(person.user)
    user = security.find_user(username=person.user)
    if user is None:
        password = given or generated_secret(installation.password_file(person.user))
        user = _added(security, person.user, held, password)
    elif given:
        _set_password(security, user, given)
    if given:
        installation.password_file(person.user).unlink(missing_ok=True)  # it is the password no longer
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
