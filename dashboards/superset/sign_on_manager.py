"""Superset's security with people who come from the bank's identity provider: who they are, and with which roles."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from flask import current_app
from flask_appbuilder.security.utils import is_null_password

from dashboards.superset.access_at_login import AccessAtLogin, Granted
from dashboards.superset.access_file import FROM_FILE, account
from dashboards.superset.branch_security import BranchSecurityManager

_log = logging.getLogger(__name__)


_DIRECTORY_ANSWERS_WITHIN_SECONDS = 10


class SignOnSecurityManager(BranchSecurityManager):
    """Lets in whom the provider vouches for; roles by groups and, beside them, those of the file's `users`."""

    @property
    def auth_user_registration(self) -> bool:
        """Whoever the provider vouches for gets an account; nobody else can make one, whatever the configuration."""
        return True

    def get_oauth_user_info(self, provider: str, resp: dict[str, Any]) -> dict[str, Any]:
        """The user of a token, as Flask-AppBuilder takes it.

        Raises:
            KeyError: the token does not have the claim with the user's name.
        """
        claims = dict(resp.get("userinfo") or {})
        groups_claim = current_app.config["NEEDLOOP_GROUPS_CLAIM"]
        if groups_claim not in claims:  # some providers keep groups out of the token, which has to stay small
            asked = self.oauth_remotes[provider].userinfo(token=resp)
            claims = {**asked, **claims} if asked.get("sub") == claims.get("sub") else claims
        groups = claims.get(groups_claim) or []
        return {
            "username": str(claims[current_app.config["NEEDLOOP_USER_CLAIM"]]),
            "first_name": claims.get("given_name") or claims.get("name") or "",
            "last_name": claims.get("family_name") or "",
            "email": claims.get("email") or "",
            "role_keys": [groups] if isinstance(groups, str) else [str(group) for group in groups],
        }

    def auth_user_oauth(self, userinfo: dict[str, Any]) -> Any:
        """The user, with the roles of groups and file; None when not let in."""
        return self._let_in(userinfo["username"], lambda: super(SignOnSecurityManager, self).auth_user_oauth(userinfo))

    def auth_user_ldap(self, username: str, password: str) -> Any:
        """The user, with the roles of groups and file; None when not let in."""
        import ldap  # noqa: PLC0415 - installed where a directory is used

        if is_null_password(password):  # a directory may take nobody's password for nobody, and say yes
            return None
        # Otherwise a directory that does not answer would hold a thread of the server for minutes.
        ldap.set_option(ldap.OPT_NETWORK_TIMEOUT, _DIRECTORY_ANSWERS_WITHIN_SECONDS)
        ldap.set_option(ldap.OPT_TIMEOUT, _DIRECTORY_ANSWERS_WITHIN_SECONDS)
        return self._let_in(username, lambda: super(SignOnSecurityManager, self).auth_user_ldap(username, password))

    def is_entry_of(self, username: str, names: list[str]) -> bool:
        """Whether the directory's entry has the name as it was typed, in whatever case.

        A directory finds a person also by a name with blanks around it or letters of another width. Here that is
        another account, of which the file of people knows nothing.
        """
        return account(username) in {account(name) for name in names}

    def _let_in(self, name: str, vouched_for: Callable[[], Any]) -> Any:
        """The user whom the provider vouches for; None when it does not, or may not speak for the name."""
        people: AccessAtLogin = current_app.config["NEEDLOOP_PEOPLE"]
        granted = people.granted()
        if granted is None or self._is_kept_here(name) or self._was_dropped(name, granted):
            return None
        user = vouched_for()
        return None if user is None else self._with_roles_of_file(user, granted)

    def _is_kept_here(self, name: str) -> bool:
        """Whether an account has this name that provisioning makes: the provider does not speak for it."""
        kept = account(name) in current_app.config["NEEDLOOP_KEPT_USERS"]
        if kept:
            _log.warning("The identity provider has a user %s, which is an account of this installation", name)
        return kept

    def _was_dropped(self, name: str, granted: Granted) -> bool:
        """Whether the file had this user and has it no longer, which the next provisioning will see too."""
        user = self.find_user(username=name)
        marked = user is not None and any(role.name == FROM_FILE for role in user.roles)
        dropped = marked and account(user.username) not in granted.of_users
        if dropped:
            _log.warning("The user %s is not let in: the file of people has had it, and has it no longer", name)
        return dropped

    def _with_roles_of_file(self, user: Any, granted: Granted) -> Any:
        if (names := granted.of_users.get(account(user.username))) is not None:
            found = [self.find_role(name) for name in names]
            user.roles = list({role.id: role for role in [*user.roles, *found] if role is not None}.values())
            self.update_user(user)
        return user
