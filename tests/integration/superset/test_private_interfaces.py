"""Canaries: what dashboards/superset/private_interfaces uses of Superset and Flask-AppBuilder is still as it was.

One test a module. A canary that fails after an upgrade says what is broken until its module follows.
"""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from tests.dashboard_server import FOLDER, PYTHON, environment, need_environment

_LOOK = """
import inspect, json, sys
from superset.app import create_app

def parameters(function):
    return list(inspect.signature(function).parameters)

app = create_app()
with app.app_context():
    from superset import security_manager
    from superset.connectors.sqla import models as datasets
    from superset.models import helpers
    from dashboards.superset import row_rules
    from dashboards.superset.private_interfaces import metadata, translations
    from dashboards.superset.private_interfaces.expression_check import Statement
    from dashboards.superset.private_interfaces.security_manager import OpenSecurityManager

    theirs = OpenSecurityManager.__mro__[1]
    original = inspect.getclosurevars(helpers.validate_adhoc_subquery).nonlocals["superset_check"]
    texts = translations.texts_of(translations.shipped_language_pack("zh"))
    found = {
        "check": parameters(original),
        "check_is_called": "validate_adhoc_subquery(" in inspect.getsource(helpers.ExploreMixin),
        "parsed": Statement("sum(a)", "duckdb").parsed.sql(),
        "calls": Statement("stats(a)", "duckdb").calls_one_of({"stats"}),
        "alias": [helpers.VIRTUAL_TABLE_ALIAS, datasets.VIRTUAL_TABLE_ALIAS, row_rules.DATASET],
        "limiter": type(security_manager.limiter).__name__,
        "api_login": "SecurityApi.login" in app.view_functions,
        "has_view_access": parameters(theirs._has_view_access),
        "search_ldap": parameters(theirs._search_ldap),
        "every_question": "_has_view_access" in inspect.getsource(theirs.has_access),
        "manager": isinstance(security_manager._get_current_object(), OpenSecurityManager),
        "texts": [len(texts), texts.get("Dashboards")],
        "migrations": len(metadata.ScriptDirectory.from_config(
            app.extensions["migrate"].migrate.get_config()).get_heads()),
        "import": parameters(metadata.ImportAssetsCommand.__init__),
        "managed": [hasattr(model, "is_managed_externally") for model in
                    (metadata.Dashboard, metadata.Slice, metadata.SqlaTable, metadata.Database)],
        "rule": sorted({"name", "description", "filter_type", "clause", "group_key", "tables", "roles"}
                       - set(dir(metadata.RowLevelSecurityFilter))),
        "prune": parameters(metadata.LogPruneCommand.__init__)[1:3],
    }
print("FOUND" + json.dumps(found))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What an application with our configuration has, on no metadata."""
    need_environment()
    data = tmp_path_factory.mktemp("canary")
    done = subprocess.run(
        [str(PYTHON), "-c", _LOOK],
        env=environment(data)
        | {"SUPERSET_CONFIG_PATH": str(FOLDER / "superset_config.py"), "SUPERSET_HOME": str(data / "superset")},
        cwd=data,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return dict(json.loads(done.stdout.rpartition("FOUND")[2]))


def test_expression_check(found: dict[str, Any]) -> None:
    consequence = (
        "superset.models.helpers.validate_adhoc_subquery, or SQLStatement._parsed, has moved: expressions of viewers "
        "reach DuckDB unchecked and may read every published row. Do not serve this version before "
        "private_interfaces/expression_check.py stands in front of the new check."
    )
    assert found["check"] == ["sql", "database", "catalog", "default_schema", "engine"], consequence
    assert found["check_is_called"], consequence
    assert found["parsed"].lower() == "sum(a)", consequence
    assert found["calls"], consequence


def test_the_alias_of_a_dataset(found: dict[str, Any]) -> None:
    assert len(set(found["alias"])) == 1, (
        "Superset names the select of a dataset otherwise: the rules for branches in row_rules.py are invalid SQL, and "
        "every chart of a branch manager fails. Take the new name over as DATASET."
    )


def test_login_limit(found: dict[str, Any]) -> None:
    assert (found["limiter"], found["api_login"]) == ("Limiter", True), (
        "The security manager's `limiter` or the view SecurityApi.login has moved: passwords can be guessed at the API "
        "without a limit. Find both again in private_interfaces/login_limit.py."
    )


def test_security_manager(found: dict[str, Any]) -> None:
    consequence = (
        "SupersetSecurityManager._has_view_access or ._search_ldap has moved: who sees own branches only may use what "
        "their other roles grant, and a directory's entry of another spelling signs in. Override what takes its place "
        "in private_interfaces/security_manager.py."
    )
    assert found["has_view_access"] == ["self", "user", "permission_name", "view_name"], consequence
    assert found["search_ldap"] == ["self", "ldap", "con", "username"], consequence
    assert found["every_question"], consequence
    assert found["manager"], consequence


def test_translations(found: dict[str, Any]) -> None:
    number, dashboards = found["texts"]
    assert (number > 1000, bool(dashboards)) == (True, True), (
        "Superset's Chinese texts lie elsewhere or have another form: its own pages appear in English. Find the "
        "language pack again in private_interfaces/translations.py."
    )


def test_metadata(found: dict[str, Any]) -> None:
    consequence = (
        "A model or command of Superset's metadata has changed: provisioning or prune_logs.py fails, or leaves assets, "
        "rules or old logs behind. Follow it in private_interfaces/metadata.py and in superset_state.py."
    )
    assert found["migrations"] == 1, consequence
    assert found["import"][:2] == ["self", "contents"], consequence
    assert all(found["managed"]), consequence
    assert found["rule"] == [], consequence
    assert found["prune"] == ["retention_period_days", "max_rows_per_run"], consequence
