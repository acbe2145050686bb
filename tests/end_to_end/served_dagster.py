"""Dagster as `make serve` starts it, on a free port, spoken to through GraphQL as its own pages do."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from dagster_pipelines.dagster_instance import prepare_instance
from needloop.settings import Settings
from tests.end_to_end.command_line import ONE_REPORT

_STARTS_WITHIN_SECONDS = 180
_ENDS_WITHIN_SECONDS = 600
_ENDED = {"SUCCESS", "FAILURE", "CANCELED"}
_JOB = {
    "repositoryLocationName": "dagster_pipelines.definitions",
    "repositoryName": "__repository__",
    "pipelineName": "pipeline",
}
_LAUNCHED = "{ __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } }"
_LAUNCH = "mutation ($params: ExecutionParams!) { launchRun(executionParams: $params) " + _LAUNCHED + " }"
_RELAUNCH = (
    "mutation ($params: ReexecutionParams!) { launchRunReexecution(reexecutionParams: $params) " + _LAUNCHED + " }"
)
_STOP = "mutation ($run: String!) { terminateRun(runId: $run) { __typename } }"
_STATUS = "query ($run: ID!) { runOrError(runId: $run) { ... on Run { status } } }"
_STEPS = "query ($run: ID!) { runOrError(runId: $run) { ... on Run { stepStats { stepKey startTime } } } }"
_ERROR = "message cause { message cause { message } }"
_EVENTS = (
    "query ($run: ID!, $after: String) { logsForRun(runId: $run, afterCursor: $after) { "
    "... on EventConnection { cursor hasMore events { __typename "
    "... on StepEvent { stepKey } "
    "... on MaterializationEvent { assetKey { path } metadataEntries { label ... on BoolMetadataEntry { boolValue } } }"
    "... on ObservationEvent { observed: assetKey { path } } "
    "... on AssetCheckEvaluationEvent { evaluation { checkName assetKey { path } success } } "
    f"... on ExecutionStepFailureEvent {{ error {{ {_ERROR} }} }} "
    f"... on RunFailureEvent {{ error {{ {_ERROR} }} }} "
    f"... on ResourceInitFailureEvent {{ error {{ {_ERROR} }} }} "
    "} } ... on PythonError { message } } }"
)


@dataclass(frozen=True)
class ServedRun:
    """A run that has ended."""

    run_id: str
    status: str
    events: list[dict[str, Any]]

    @property
    def materialized(self) -> dict[str, dict[str, Any]]:
        """Metadata of true and false of each asset that was reported as made."""
        return {
            "/".join(event["assetKey"]["path"]): {
                entry["label"]: entry.get("boolValue") for entry in event["metadataEntries"]
            }
            for event in self._of("MaterializationEvent")
        }

    @property
    def steps(self) -> set[str]:
        """Keys of the steps that began."""
        return {event["stepKey"] for event in self._of("ExecutionStepStartEvent")}

    @property
    def checks(self) -> dict[tuple[str, str], bool]:
        """Asset and name of each check that was evaluated, and whether it passed."""
        return {
            ("/".join(one["evaluation"]["assetKey"]["path"]), one["evaluation"]["checkName"]): one["evaluation"][
                "success"
            ]
            for one in self._of("AssetCheckEvaluationEvent")
        }

    @property
    def errors(self) -> str:
        """What its errors say, the wrapped ones too."""
        return "\n".join(str(event["error"]) for event in self.events if event.get("error"))

    def _of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["__typename"] == kind]


class ServedDagster:
    """Launches, stops and reads runs."""

    def __init__(self, port: int) -> None:
        self._address = f"http://127.0.0.1:{port}/graphql"

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        answered = httpx.post(self._address, json={"query": query, "variables": variables}, timeout=60).json()
        assert "errors" not in answered, answered
        return dict(answered["data"])

    def launch(
        self, assets: Sequence[str] | None = None, checks: Sequence[tuple[str, str]] | None = None, **tags: str
    ) -> str:
        """Starts the job, or a selection of it; `checks` None: all of the selected assets. Gives the run's id."""
        selector: dict[str, Any] = dict(_JOB)
        if assets is not None:
            selector["assetSelection"] = [{"path": asset.split("/")} for asset in assets]
        if checks is not None:
            selector["assetCheckSelection"] = [
                {"assetKey": {"path": asset.split("/")}, "name": name} for asset, name in checks
            ]
        metadata = {"tags": [{"key": key.replace("__", "/"), "value": value} for key, value in tags.items()]}
        return self._launched(self.ask(_LAUNCH, params={"selector": selector, "executionMetadata": metadata}))

    def launch_from_failure(self, run_id: str) -> str:
        """Starts what a failed run did not come to."""
        return self._launched(self.ask(_RELAUNCH, params={"parentRunId": run_id, "strategy": "FROM_FAILURE"}))

    def launch_step(self, run_id: str, step: str) -> str:
        """Starts one step of an ended run again."""
        metadata = {"rootRunId": run_id, "parentRunId": run_id, "tags": []}
        query = _RELAUNCH.replace("ReexecutionParams", "ExecutionParams").replace(
            "reexecutionParams", "executionParams"
        )
        params = {"selector": _JOB, "stepKeys": [step], "executionMetadata": metadata}
        return self._launched(self.ask(query, params=params))

    def run(self, *arguments: Any, **named: Any) -> ServedRun:
        """Launches and waits for the end."""
        return self.ended(self.launch(*arguments, **named))

    def stop(self, run_id: str) -> None:
        assert self.ask(_STOP, run=run_id)["terminateRun"]["__typename"] == "TerminateRunSuccess"

    def ended(self, run_id: str) -> ServedRun:
        """The run once it has ended."""
        deadline = time.monotonic() + _ENDS_WITHIN_SECONDS
        while (status := self.ask(_STATUS, run=run_id)["runOrError"]["status"]) not in _ENDED:
            assert time.monotonic() < deadline, status
            time.sleep(0.5)
        return ServedRun(run_id, status, self.events(run_id))

    def events(self, run_id: str) -> list[dict[str, Any]]:
        """All events of a run so far."""
        events: list[dict[str, Any]] = []
        said: dict[str, Any] = {"hasMore": True, "cursor": None}
        while said["hasMore"]:
            said = self.ask(_EVENTS, run=run_id, after=said["cursor"])["logsForRun"]
            assert "events" in said, said
            events += said["events"]
        return events

    def started_steps(self, run_id: str) -> set[str]:
        """Keys of the steps of a run that have begun."""
        stats = self.ask(_STEPS, run=run_id)["runOrError"]["stepStats"]
        return {one["stepKey"] for one in stats if one["startTime"]}

    def assets(self) -> list[str]:
        said = self.ask("{ assetNodes { assetKey { path } isExecutable } }")["assetNodes"]
        return ["/".join(one["assetKey"]["path"]) for one in said if one["isExecutable"]]

    @staticmethod
    def _launched(said: dict[str, Any]) -> str:
        (answer,) = said.values()
        assert answer["__typename"] == "LaunchRunSuccess", answer
        return str(answer["run"]["runId"])


@contextmanager
def serving(settings: Settings) -> Iterator[ServedDagster]:
    """Serves a data folder. A run gives up at once where the folder's lock is held."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        **ONE_REPORT,
        "DAGSTER_HOME": str(prepare_instance(settings)),
        "NEEDLOOP_DATA": str(settings.data),
        "NEEDLOOP_LANDING": str(settings.landing_zone),
        "NEEDLOOP_SCHEDULES": "false",
        "NEEDLOOP_WAIT_FOR_LOCK_SECONDS": "1",
    }
    command = [str(Path(sys.executable).with_name("dagster")), "dev", "-m", "dagster_pipelines.definitions"]
    with (settings.data.parent / "dagster.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port)],
            env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            _wait_for(f"http://127.0.0.1:{port}/server_info", process)
            yield ServedDagster(port)
        finally:
            os.killpg(process.pid, signal.SIGINT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN_SECONDS
    while True:
        try:
            httpx.get(address)
        except httpx.TransportError:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.5)
        else:
            return
