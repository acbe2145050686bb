"""Exit code 2 says that a gate is closed and nothing else: a command that was written wrongly ends with 1."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from dagster_pipelines.cli.main import main

WRONG = {
    "unknown option": ["run", "--fulrefresh"],
    "unknown option of the program": ["--fast"],
    "unknown command": ["rum"],
    "no command": [],
    "an option without its value": ["run", "--landing"],
    "no day": ["run", "--as-of", "2026-13-01"],
    "an option that is missing": ["close"],
    "a name that is missing": ["forget"],
    "an argument too many": ["doctor", "please"],
    "no command of a group": ["alerts", "tset"],
}


@pytest.mark.parametrize("arguments", WRONG.values(), ids=WRONG)
def test_a_command_that_was_written_wrongly_is_an_error(arguments: list[str]) -> None:
    said = CliRunner().invoke(main, arguments)
    assert said.exit_code == 1
    assert "Usage:" in said.output or "Error: Option '--landing' requires an argument." in said.output


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["run", "--help"]])
def test_to_ask_for_help_is_none(arguments: list[str]) -> None:
    assert CliRunner().invoke(main, arguments).exit_code == 0
