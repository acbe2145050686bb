"""Superset's folder as a package: importable in Superset's environment from wherever the process stands."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from tests.dashboard_server import FOLDER, PYTHON, need_environment

# Each imports Superset's models or its security manager, which only an application can do: provisioning proves them.
_IN_AN_APPLICATION = [
    "branch_security",
    "metadata",
    "security_manager",
    "sign_on_manager",
    "superset_config",
    "superset_state",
]
_IMPORT_ALL = """
import importlib, json, pkgutil, sys
import dashboards.superset as package
path, left_out = list(sys.path), set(json.loads(sys.argv[1]))
found = [name for _, name, _ in pkgutil.walk_packages(package.__path__, package.__name__ + ".")]
for name in found:
    if name.rpartition(".")[2] not in left_out:
        importlib.import_module(name)
assert sys.path == path, "a module has changed sys.path"
own = ("dashboards", "needloop", "dagster_pipelines", "expectations", "seeds")
print(json.dumps([name for name in sys.modules if name.partition(".")[0] in own]))
"""


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Our modules that Superset's environment has imported, in a folder that has nothing to do with the checkout."""
    need_environment()
    done = subprocess.run(
        [str(PYTHON), "-c", _IMPORT_ALL, json.dumps(_IN_AN_APPLICATION)],
        cwd=tmp_path_factory.mktemp("elsewhere"),
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def test_every_module_is_importable_without_the_pipelines_libraries(imported: list[str]) -> None:
    names = {file.stem for file in FOLDER.glob("*.py")} - {"__init__", *_IN_AN_APPLICATION}
    assert {f"dashboards.superset.{name}" for name in names} <= set(imported)


def test_it_stands_on_the_ground_and_on_nothing_else(imported: list[str]) -> None:
    """The settings need pydantic-settings, the warehouse Alembic: Superset's environment has not all of it."""
    assert not [name for name in imported if not name.startswith(("dashboards", "needloop"))]
    assert "needloop.settings" not in imported
    assert not [name for name in imported if name.startswith("dashboards.") and "superset" not in name]


def test_only_the_private_interfaces_import_superset() -> None:
    """`create_app` is Superset's entry for every server; all else has to be in the folder that has canaries."""
    importing = re.compile(r"^\s*(?:from|import) (superset(?:\.[\w.]+)?)\b", re.MULTILINE)
    named = {
        (file.name, module)
        for folder in (FOLDER, FOLDER / "asset_bundle")
        for file in folder.glob("*.py")
        for module in importing.findall(file.read_text("utf-8"))
    }
    assert named == {("provision.py", "superset.app"), ("prune_logs.py", "superset.app")}
