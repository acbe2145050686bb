"""Superset's security, with the restriction to own branches before whatever else somebody is granted.

Row-level security keeps a dataset's rows. It does not reach SQL Lab, nor what else reads a database or changes its
datasets, rules and roles, and roles of Superset add up. So whoever has a role that sees own branches only, from the
file of people, a group or by hand, may look and export, where their roles let them, and no more.
"""

from __future__ import annotations

from typing import Any

from flask import current_app

from dashboards.superset.access import EXPORT_PERMISSIONS, LOOKING_PERMISSIONS
from dashboards.superset.private_interfaces.security_manager import OpenSecurityManager

_OF_THE_RESTRICTED = frozenset([*LOOKING_PERMISSIONS, *EXPORT_PERMISSIONS])


class BranchSecurityManager(OpenSecurityManager):
    """Grants those who see own branches only nothing beyond looking and exporting."""

    def withholds(self, user: Any, permission_name: str, view_name: str) -> bool:
        """Whether the permission goes beyond what one may who sees own branches only."""
        return (permission_name, view_name) not in _OF_THE_RESTRICTED and self._sees_own_branches_only(user)

    def _sees_own_branches_only(self, user: Any) -> bool:
        restricting = current_app.config["NEEDLOOP_OWN_BRANCHES_ROLES"]
        return any(role.name in restricting for role in self.get_user_roles(user))
