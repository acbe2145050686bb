"""Who runs a command, according to the operating system."""

from __future__ import annotations

import os
import pwd


def system_user() -> str:
    """The account that the process runs as, whatever the environment says, and who switched to it with sudo.

    The latter is only a claim: anyone who can run programs as the account can set it. Unknown names are left out.
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
