"""A secret that is made once: whole or not there, one for all who come at once, and never an empty file."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from click.testing import CliRunner

from dagster_pipelines.cli.doctor import CHECKS, Finding
from dagster_pipelines.cli.main import main
from dagster_pipelines.erasure.erasure_key import erasure_key_of, known_erasure_key
from dagster_pipelines.transformation.customer_keys import known_secret, secret_identity, secret_of
from needloop.secret_file import DamagedSecretError, stored_secret
from needloop.settings import Settings


def made(file: Path) -> bytes:
    return stored_secret(file, remedy="Restore it.")


def looked(settings: Settings) -> list[Finding]:
    (look,) = (one for one in CHECKS if one.__name__ == "_secrets")
    return list(look(settings))


@pytest.mark.parametrize("content", ["", "\n", "fifteen letters", " " * 40])
@pytest.mark.parametrize("ask", [secret_of, known_secret, secret_identity])
def test_what_is_too_short_is_never_the_secret_of_the_keys(
    tmp_path: Path, content: str, ask: Callable[[Settings], object]
) -> None:
    settings = Settings(data=tmp_path, customer_key_secret=None)
    settings.customer_key_file.parent.mkdir()
    settings.customer_key_file.write_text(content, "utf-8")
    with pytest.raises(DamagedSecretError, match=r"Restore it from a backup.*changes every customer key") as refused:
        ask(settings)
    assert str(settings.customer_key_file) in str(refused.value)
    assert [finding.ok for finding in looked(settings)] == [False, True]


@pytest.mark.parametrize("ask", [erasure_key_of, known_erasure_key])
def test_what_is_too_short_is_never_the_key_of_erasures(tmp_path: Path, ask: Callable[[Settings], object]) -> None:
    settings = Settings(data=tmp_path)
    settings.erasure_key_file.parent.mkdir()
    settings.erasure_key_file.touch()
    with pytest.raises(DamagedSecretError, match="erased customers could come back"):
        ask(settings)
    assert [finding.ok for finding in looked(settings)] == [True, False]


def test_sixteen_characters_are_a_secret(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("sixteen letters!\n")
    assert made(tmp_path / "secret") == b"sixteen letters!"


def test_a_disk_that_is_full_leaves_nothing_in_the_secrets_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secrets" / "secret"

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            made(file)
    assert list(file.parent.iterdir()) == []
    assert len(made(file)) == 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_all_who_come_at_once_get_the_same_secret(tmp_path: Path) -> None:
    together = Barrier(8)

    def come(_: int) -> bytes:
        together.wait()
        return made(tmp_path / "secret")

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(come, range(8)))) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["secret"]


def test_forgetting_says_it_in_a_sentence(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    for file in (settings.erasure_key_file, settings.warehouse_file):
        file.parent.mkdir()
        file.touch()
    said = CliRunner().invoke(main, ["forget", "C1", "--yes", "--data", str(tmp_path)])
    assert said.exit_code == 1
    assert said.output.startswith(f"Error: The file {settings.erasure_key_file} holds 0 characters")
