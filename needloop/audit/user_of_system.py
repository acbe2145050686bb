"""The operating system user who runs a command."""

from __future__ import annotations

import os
import pwd


def user_of_system() -> str:
    """The account that the process runs as, regardless of the environment, and the user who invoked sudo.

    The sudo user is unverified: anyone who can run programs as the account can set it. Unknown names are dropped.
    """
    user, before_sudo = name_of_account(os.getuid()), os.environ.get("SUDO_USER", "")
    return f"{user} (sudo: {before_sudo})" if before_sudo != user and _is_account(before_sudo) else user


def name_of_account(uid: int) -> str:
    """The account's name, or its uid if it has none, as in some containers."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"


def _is_account(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
