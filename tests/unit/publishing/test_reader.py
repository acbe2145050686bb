"""The one reader of a release: at one instant, and with no way to other files."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from needloop.release.reader import NoReleaseError, UnreadableReleaseError, open_release, release_file


def _released(folder: Path, name: str, value: int) -> Path:
    file = folder / name / "needloop_marts.duckdb"
    file.parent.mkdir()
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema marts")
        connection.execute(f"create table marts.metric_values as select {value} as value")
    return file


@pytest.fixture
def published_file(tmp_path: Path) -> Path:
    _released(tmp_path, "first", 1)
    (tmp_path / "current").symlink_to("first")
    return tmp_path / "current" / "needloop_marts.duckdb"


def test_the_link_is_resolved_once(published_file: Path, tmp_path: Path) -> None:
    with open_release(published_file) as release:
        _released(tmp_path, "second", 2)
        (tmp_path / "next").symlink_to("second")
        (tmp_path / "next").replace(tmp_path / "current")
        assert release.execute("select value from metric_values").fetchall() == [(1,)]
        with open_release(published_file) as later:
            assert later.execute("select value from metric_values").fetchall() == [(2,)]
    assert release_file(published_file) == tmp_path / "second" / "needloop_marts.duckdb"


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_csv('{other}')",
        "copy metric_values to '{other}'",
        "attach '{other}.duckdb'",
        "insert into metric_values values (3)",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "set memory_limit = '100GB'",
        "install httpfs",
    ],
)
def test_sql_cannot_leave_the_release(published_file: Path, tmp_path: Path, statement: str) -> None:
    (tmp_path / "other").write_text("secret\n1\n")
    with pytest.raises(UnreadableReleaseError), open_release(published_file) as release:
        release.execute(statement.format(other=tmp_path / "other"))
    assert (tmp_path / "other").read_text() == "secret\n1\n"


def test_before_the_first_release(tmp_path: Path) -> None:
    for ask in (release_file, lambda file: open_release(file).__enter__()):
        with pytest.raises(NoReleaseError, match="Publish one with `needloop run`"):
            ask(tmp_path / "current" / "needloop_marts.duckdb")
