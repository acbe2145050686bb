"""Superset's security manager, with two questions of its private methods that subclasses may answer."""

from __future__ import annotations

from typing import Any

from superset.security import SupersetSecurityManager


class OpenSecurityManager(SupersetSecurityManager):
    """Asks `withholds` before any permission, and `is_entry_of` about any entry of a directory."""

    def withholds(self, user: Any, permission_name: str, view_name: str) -> bool:
        """Whether a user may not have this permission, whatever their roles grant."""
        del user, permission_name, view_name
        return False

    def is_entry_of(self, username: str, names: list[str]) -> bool:
        """Whether the entry that a directory found, and that has these names, is the user's."""
        del username, names
        return True

    def _has_view_access(self, user: Any, permission_name: str, view_name: str) -> bool:
        """Whether a user may do something: what all of Superset's questions of that kind come down to."""
        if self.withholds(user, permission_name, view_name):
            return False
        return bool(super()._has_view_access(user, permission_name, view_name))

    def _search_ldap(self, ldap: Any, con: Any, username: str) -> tuple[str | None, dict[str, Any] | None]:
        """The person's entry in the directory."""
        dn, fields = super()._search_ldap(ldap, con, username)
        if dn is None:
            return None, None
        ((_, found),) = con.search_s(dn, ldap.SCOPE_BASE, attrlist=[self.auth_ldap_uid_field])
        names = [name.decode() for values in found.values() for name in values]
        return (dn, fields) if self.is_entry_of(username, names) else (None, None)
