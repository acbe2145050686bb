"""Who gives a command is told by the system, not by what the environment says."""

from __future__ import annotations

import os
import pwd

import pytest

from needloop.audit.system_user import name_of_account, system_user

ME = pwd.getpwuid(os.getuid()).pw_name


@pytest.fixture(autouse=True)
def no_sudo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SUDO_USER", raising=False)


@pytest.mark.parametrize("variable", ["LOGNAME", "USER", "LNAME", "USERNAME"])
def test_the_environment_is_not_believed(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "the_director")
    assert system_user() == ME


def test_who_came_by_sudo_stands_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_USER", "nobody")
    assert system_user() == f"{ME} (sudo: nobody)"


@pytest.mark.parametrize("name", ["", ME, "no such account", "\x1b[2J"])
def test_beside_it_stands_another_account_or_nothing(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("SUDO_USER", name)
    assert system_user() == ME


def test_a_number_without_an_account() -> None:
    assert name_of_account(4_000_000_001) == "uid 4000000001"
