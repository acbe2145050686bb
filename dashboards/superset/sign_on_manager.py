"""Superset's security with people who come from the bank's identity provider: who they are, and with which roles."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from branch_security import BranchSecurityManager
from flask import current_app

_log = logging.getLogger(__name__)


class SignOnSecurityManager(BranchSecurityManager):
    """Lets in whom the provider vouches for; roles by groups and, beside them, those of the file's `users`."""

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
        if self._is_kept_here(userinfo["username"]):
            return None
        return self._with_roles_of_file(super().auth_user_oauth(userinfo))

    def auth_user_ldap(self, username: str, password: str) -> Any:
        """The user, with the roles of groups and file; None when not let in."""
        if self._is_kept_here(username):
            return None
        return self._with_roles_of_file(super().auth_user_ldap(username, password))

    def _is_kept_here(self, name: str) -> bool:
        """Whether an account has this name that provisioning makes: the provider does not speak for it."""
        kept = name in current_app.config["NEEDLOOP_KEPT_USERS"]
        if kept:
            _log.warning("The identity provider has a user %s, which is an account of this installation", name)
        return kept

    def _with_roles_of_file(self, user: Any) -> Any:
        of_users: Mapping[str, list[str]] = current_app.config["NEEDLOOP_ROLES_OF_USERS"]
        if user is not None and user.username in of_users:
            found = [self.find_role(name) for name in of_users[user.username]]
            user.roles = list({role.id: role for role in [*user.roles, *found] if role is not None}.values())
            self.update_user(user)
        return user
