"""The bank's file of people: what it grants, and a sentence with place and remedy for each mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboards.superset import access_file
from tests.dashboard_server import FOLDER


def _read(folder: Path, text: str) -> access_file.AccessFile:
    file = folder / "access.yml"
    file.write_text(text, "utf-8")
    return access_file.read_access_file(file, access_file.shipped_roles(), ["admin", "viewer"])


def test_the_shipped_file_lets_nobody_in() -> None:
    read = access_file.read_access_file(FOLDER / "access.yml", access_file.shipped_roles(), [])
    assert (read.users, read.groups, read.branches) == ((), {}, [])


def test_users_and_groups_with_roles_and_branches(tmp_path: Path) -> None:
    read = _read(
        tmp_path,
        "users:\n"
        "  - {user: wang_li, name: 王莉, role: branch_manager, branches: [B001, B002]}\n"
        "  - {user: zhao.min, roles: [management, training_lead]}\n"
        "groups:\n"
        "  - {group: 'cn=branch-3,dc=bank', role: branch_manager, branches: [B003]}\n",
    )
    assert [(one.user, one.name, one.grant.roles, one.grant.branches) for one in read.users] == [
        ("wang_li", "王莉", ("branch_manager",), ("B001", "B002")),
        ("zhao.min", None, ("management", "training_lead"), ()),
    ]
    assert read.groups["cn=branch-3,dc=bank"].branches == ("B003",)
    mapped = access_file.roles_mapping(read, access_file.shipped_roles(), "Admin")
    assert mapped == {"cn=branch-3,dc=bank": ["Needloop branch manager", "Needloop branch B003"]}
    assert read.branches == ["B001", "B002", "B003"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "users: [{user: a, role: chief}]",
            "users, entry 1 (a) has the role 'chief', which there is not: choose viewer",
        ),
        ("users: [{user: a}]", "users, entry 1 (a) has no role: add `role:`"),
        ("users: [{role: viewer}]", "users, entry 1 has no `user`"),
        ("users: [{user: a, role: viewer}, {user: a, role: viewer}]", "users, entry 2 (a): the user 'a' is also at"),
        ("users: [{user: l.i, role: viewer}, {user: l_i, role: viewer}]", "differs from others in more than case"),
        ("users: [{user: admin, role: viewer}]", "'admin' is made by provisioning itself"),
        ("users: [{user: a, role: branch_manager}]", "is branch_manager of no branch: add `branches: [ID, …]`"),
        ("users: [{user: a, role: viewer, branches: [B1]}]", "take `branches` out, or make it branch_manager"),
        ("users: [{user: ../../etc, role: viewer}]", "cannot be a user's name"),
        ("users: [{user: a, role: viewer, password: secret}]", "has password: it may have branches, name, role"),
        ("groups: [{group: g, role: viewer}, {group: g, role: viewer}]", "entry 2 (g) repeats the group 'g'"),
        ("groups: [g]", "groups, entry 1 has no `group`"),
        ("people: []", "must have the lists `users` and `groups`, and nothing else"),
        ("users: {a: viewer}", "write a list"),
        ("users: [", "is not valid YAML, correct it"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_remedy(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(access_file.AccessFileError) as told:
        _read(tmp_path, text)
    assert said in str(told.value)
    assert str(tmp_path / "access.yml") in str(told.value)
    assert "\n" not in str(told.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(access_file.AccessFileError, match="name your file in NEEDLOOP_ACCESS, or unset it"):
        access_file.read_access_file(tmp_path / "none.yml", (), [])


def test_a_branch_that_the_release_has_not_is_told(tmp_path: Path) -> None:
    read = _read(tmp_path, "users: [{user: a, role: branch_manager, branches: [B9]}]")
    access_file.check_branches(read, {"B9"})
    with pytest.raises(access_file.AccessFileError, match=r"entry 1 \(a\) names the branch 'B9'.*such as B1, B2"):
        access_file.check_branches(read, {"B1", "B2"})


@pytest.mark.parametrize(
    ("name", "account"), [("Wang_Li", "wang_li"), ("ADMIN", "admin"), ("\N{KELVIN SIGN}ai", "\N{KELVIN SIGN}ai")]
)
def test_an_account_is_one_in_whatever_case(name: str, account: str) -> None:
    """A letter of another alphabet is not the one that its lower case looks like: databases tell them apart."""
    assert access_file.account(name) == account


@pytest.mark.parametrize(
    ("user", "variable"),
    [("wang_li", "NEEDLOOP_SUPERSET_WANG_LI_PASSWORD"), ("zhao.min@x", "NEEDLOOP_SUPERSET_ZHAO_MIN_X_PASSWORD")],
)
def test_a_password_is_set_by_the_users_name(user: str, variable: str) -> None:
    assert access_file.password_variable(user) == variable
