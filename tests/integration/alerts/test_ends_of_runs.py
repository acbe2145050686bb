"""From what a run leaves to a message: failed checks, closed gates, failed and vanished runs, by every way to run."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from click.testing import CliRunner

from dagster_pipelines.alerts.notify import (
    check_installation,
    notify_failure,
    notify_run,
    notify_up_to_date,
    observe_checks,
)
from dagster_pipelines.alerts.record import incident_record
from dagster_pipelines.alerts.sensor import alerts_sensor
from dagster_pipelines.assets.marts import BUILDS_EVERYTHING
from dagster_pipelines.cli.main import main
from dagster_pipelines.job import pipeline_job
from dagster_pipelines.run_end import RunEnd, Verdict
from dagster_pipelines.run_events import read_run_end
from expectations.checkpoint import run_checks
from needloop.settings import Settings
from tests.integration.alerts.receivers import ChatServer, MailServer
from tests.integration.quality.bank import AS_OF, GOOD, Bank
from tests.unit.alerts.problems import check_result

Make = Callable[..., Settings]


def run_end(run_id: str, **others: Any) -> RunEnd:
    said: dict[str, Any] = {
        "run_id": run_id, "ended_at": datetime.now(UTC), "release_id": None, "verdicts": (), "succeeded": True,
        "error": None, "error_class": None, "trace": "", **others,
    }  # fmt: skip
    return RunEnd(**said)


def open_keys(settings: Settings) -> set[str]:
    with incident_record(settings) as record:
        return set(record.open_incidents())


def publish(settings: Settings, release_id: str, created_at: datetime | None = None) -> None:
    """Makes a release the current one, by its note alone; of now, unless told otherwise."""
    note = {
        "release_id": release_id, "run_id": "x", "as_of": "2026-01-01",
        "created_at": (created_at or datetime.now(UTC)).isoformat(),
        "product_version": "1", "contract_version": 1, "tables": {}, "checks_passed": 1, "checks_failed": 0,
    }  # fmt: skip
    (settings.releases / release_id).mkdir(parents=True)
    (settings.releases / release_id / "release.json").write_text(json.dumps(note))
    settings.current.unlink(missing_ok=True)
    settings.current.symlink_to(settings.releases / release_id)


def test_a_thousand_failing_rows_give_one_message_and_the_mend_another(
    told_to: Make, mail: MailServer, chat: ChatServer
) -> None:
    settings = told_to("mail", "wecom")
    bank = Bank(settings.data)
    just_now = datetime.now(UTC).replace(tzinfo=None)
    with bank:
        bank.create()
        for table, row in GOOD.items():
            bank.load(table, row, loaded_at=just_now)
        wrong = {**GOOD["crm.interactions"], "closed_at": "2026-09-29 08:00"}  # closed before it was opened
        bank.load(
            "crm.interactions", *({**wrong, "interaction_id": f"KEY-{n}"} for n in range(1000)), loaded_at=just_now
        )

    results = run_checks(settings, stage="raw", run_id="first", as_of=AS_OF)
    for run_id in ("first", "second"):
        observe_checks(settings, "raw", results)
        notify_run(settings, run_end(run_id))
    assert len(mail.box.mails) == len(chat.received) == 1
    assert mail.box.mails[0]["Subject"] == "[Needloop·警告] 新问题 1 项：crm.interactions 接触结束不早于开始"
    text = mail.box.text(0)
    assert "不符合：1,000 行，共 1,001 行" in text
    assert "客户数据组 CRM data team" in text
    assert "请在源系统更正后重新交付" in text
    assert str(settings.quality / "data_docs" / "raw" / "index.html") in text
    assert (settings.quality / "data_docs" / "raw" / "index.html").exists()
    assert "KEY-" not in text  # keys stay in the warehouse

    with bank:
        bank.connection.execute("update raw.crm__interactions set closed_at = opened_at")
    observe_checks(settings, "raw", run_checks(settings, stage="raw", run_id="third", as_of=AS_OF))
    notify_run(settings, run_end("third"))
    assert [str(one["Subject"]) for one in mail.box.mails[1:]] == [
        "[Needloop·已恢复] 1 项：crm.interactions 接触结束不早于开始"
    ]
    assert len(chat.received) == 2


def test_a_closed_gate_is_told_once_with_its_checks_and_ends_with_a_release(told_to: Make, chat: ChatServer) -> None:
    settings = told_to("hook", language="en")
    blocked = run_end(
        "first", succeeded=False, verdicts=(Verdict("raw/crm__needs", "blocking_checks", False, True, "", 3),)
    )
    observe_checks(settings, "raw", [check_result(check_name="key_unique", severity="blocking")])
    notify_run(settings, blocked)
    notify_run(settings, blocked)  # the daemon sees the same run
    (post,) = chat.received
    assert post.payload["title"].startswith("[Needloop blocking] 2 new: ")
    assert "Gate closed, nothing published" in post.payload["message"]
    assert "nothing has been published yet" in post.payload["message"]
    assert open_keys(settings) == {"check/raw/blocking/crm.needs/key_unique", "run/gate_closed"}

    observe_checks(settings, "raw", [check_result(check_name="key_unique", severity="blocking", passed=True)])
    notify_run(settings, run_end("second", release_id="r"))
    assert open_keys(settings) == set()
    assert chat.received[1].payload["title"].startswith("[Needloop resolved] 2: ")


def test_a_data_test_of_the_models_is_an_incident_until_it_passes(told_to: Make, chat: ChatServer) -> None:
    settings = told_to("hook", language="en")
    test = Verdict("marts/metric_values", "groups_add_up_to_all", False, True, "", 7)
    notify_run(settings, run_end("first", succeeded=False, verdicts=(test,)))
    assert "Affected rows: 7" in chat.received[0].payload["message"]
    assert open_keys(settings) == {"data_test/marts/metric_values/groups_add_up_to_all", "run/gate_closed"}
    notify_run(settings, run_end("selection", verdicts=()))  # it published nothing, so the gate is as it was
    assert open_keys(settings) == {"data_test/marts/metric_values/groups_add_up_to_all", "run/gate_closed"}
    notify_run(settings, run_end("second", verdicts=(), release_id="r"))  # the test was not looked at: it stays open
    assert open_keys(settings) == {"data_test/marts/metric_values/groups_add_up_to_all"}
    passed = Verdict("marts/metric_values", "groups_add_up_to_all", True, True, "", 0)
    notify_run(settings, run_end("third", verdicts=(passed,)))
    assert open_keys(settings) == set()


def test_a_data_test_that_is_no_more_is_over_when_everything_was_built(told_to: Make, chat: ChatServer) -> None:
    settings = told_to("hook")
    tests = [Verdict("marts/metric_values", name, False, False, "", 7) for name in ("renamed", "still_there")]
    notify_run(settings, run_end("first", verdicts=tuple(tests)))
    notify_run(settings, run_end("second", succeeded=False, error="x", built_everything=True))  # ended before the tests
    assert {"data_test/marts/metric_values/renamed"} < open_keys(settings)
    notify_run(settings, run_end("third", verdicts=(tests[1],), built_everything=True, release_id="r"))
    assert open_keys(settings) == {"data_test/marts/metric_values/still_there"}


def test_a_run_says_whether_it_built_everything() -> None:
    @dg.asset
    def all_models() -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(metadata={BUILDS_EVERYTHING: True})

    @dg.asset
    def some_models() -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(metadata={BUILDS_EVERYTHING: False})

    results = [dg.materialize([asset]) for asset in (all_models, some_models)]
    ends = [read_run_end(r.run_id, r.all_events, succeeded=True, ended_at=datetime.now(UTC)) for r in results]
    assert [end.built_everything for end in ends] == [True, False]


def test_a_failed_run_is_told_without_the_values_of_its_error(told_to: Make, chat: ChatServer) -> None:
    settings = told_to("hook")
    error = "Could not convert string '张三丰' to DATE of 13912345678, file '/data/a.csv'\nrow: 李四"
    notify_run(settings, run_end("first", succeeded=False, error=error, error_class="ConversionException"))
    text = chat.received[0].payload["message"]
    assert "Could not convert string '…' to DATE of …, file '/data/a.csv'" in text
    assert "张三丰" not in text
    assert "李四" not in text
    assert "logs/run-first.log" in text
    notify_up_to_date(settings)
    assert chat.received[1].payload["title"].startswith("[Needloop·已恢复]")


def test_a_run_that_failed_after_publishing_says_that_the_release_is_up(told_to: Make, chat: ChatServer) -> None:
    settings = told_to("hook", language="en")
    notify_run(settings, run_end("first", succeeded=False, release_id="r1", error="No space", error_class="OSError"))
    text = chat.received[0].payload["message"]
    assert "The release r1 was published, its report was not made" in text
    assert "Nothing was published" not in text


def test_a_run_that_waited_for_the_lock_in_vain_is_told(told_to: Make, chat: ChatServer) -> None:
    settings = told_to("hook")
    notify_run(settings, run_end("first", succeeded=False, error="Another run", error_class="AnotherRunError"))
    assert open_keys(settings) == {"run/failed"}
    notify_run(settings, run_end("second", release_id="r"))
    assert open_keys(settings) == set()


def test_an_old_run_that_is_seen_late_opens_nothing(told_to: Make, chat: ChatServer) -> None:
    settings = told_to("hook")
    old = run_end("old", succeeded=False, error="it broke", ended_at=datetime(2026, 1, 1, tzinfo=UTC))
    notify_run(settings, run_end("new"))
    notify_run(settings, old)
    assert open_keys(settings) == set()


def test_a_damaged_warehouse_is_told_by_the_command(told_to: Make, chat: ChatServer, tmp_path: Path) -> None:
    settings = told_to("hook", language="en")
    settings.warehouse_file.parent.mkdir(parents=True)
    settings.warehouse_file.write_bytes(b"\0" * 20_000)
    (tmp_path / "landing").mkdir()
    environment = {"NEEDLOOP_ALERTS": str(settings.alerts)}
    arguments = ["run", "--landing", str(tmp_path / "landing"), "--data", str(settings.data)]
    result = CliRunner().invoke(main, arguments, env=environment)
    assert result.exit_code == 1
    assert "is damaged. Restore it with `needloop restore" in result.output
    assert chat.received[0].payload["title"] == "[Needloop blocking] 1 new: needloop run The run failed"
    listed = CliRunner().invoke(main, ["alerts", "list", "--data", str(settings.data)], env=environment)
    assert "blocking  needloop run: The run failed" in listed.output


def test_alerts_are_told_even_where_nothing_can_be_written(told_to: Make, chat: ChatServer) -> None:
    settings = told_to("hook")
    settings.alerts_folder.write_text("a file where the folder should be")
    told = notify_failure(settings, "Read-only file system")
    assert (told.opened, told.delivered, told.trouble) == (1, 1, None)


def test_a_damaged_record_is_put_aside(told_to: Make, chat: ChatServer) -> None:
    settings = told_to("hook")
    settings.alerts_folder.mkdir()
    (settings.alerts_folder / "incidents.sqlite").write_bytes(b"this is no database, whatever its name says" * 99)
    assert notify_failure(settings, "It broke").delivered == 1
    assert open_keys(settings) == {"run/failed"}
    assert len(list(settings.alerts_folder.glob("incidents.damaged-*"))) == 1


def test_a_broken_configuration_ends_no_run_and_is_said(told_to: Make) -> None:
    settings = told_to()
    assert settings.alerts is not None
    settings.alerts.write_text("routes: [")
    told = notify_failure(settings, "It broke")
    assert told.opened == 1
    assert "nobody is notified" in (told.trouble or "")


def test_a_run_whose_process_died_is_told(told_to: Make, chat: ChatServer) -> None:
    settings = told_to("hook", language="en")
    (settings.data / "run.holder").write_text("process 4194305, since 2026-09-30 02:00:00 UTC")  # above any pid
    check_installation(settings)
    assert "A run was killed" in chat.received[0].payload["title"]
    (settings.data / "run.holder").unlink()
    check_installation(settings)
    assert chat.received[1].payload["title"].startswith("[Needloop resolved]")


def test_low_disk_and_an_old_release_are_told(told_to: Make, chat: ChatServer) -> None:
    settings = told_to("hook", language="en", limits={"free_disk_gib": 10**9, "release_age_hours": 72})
    publish(settings, "r", datetime(2026, 1, 2, 3, tzinfo=UTC))
    check_installation(settings)
    said = " ".join(post.payload["message"] for post in chat.received)
    assert "Low disk space" in said
    assert "published on 2026-01-02 11:00 with data as of 2026-01-01" in said


def test_a_damaged_note_of_the_release_is_told_and_silences_nothing_else(told_to: Make, chat: ChatServer) -> None:
    settings = told_to("hook", language="en")
    publish(settings, "r")
    (settings.current / "release.json").write_text("{")
    blocked = Verdict("raw/crm__needs", "blocking_checks", False, True, "", 3)
    notify_run(settings, run_end("first", succeeded=False, verdicts=(blocked,)))
    assert open_keys(settings) == {"run/gate_closed", "installation/release_damaged"}
    said = chat.received[0].payload["message"]
    assert "The release is damaged" in said
    assert "the last release stays up" in said
    publish(settings, "mended")
    check_installation(settings)
    assert open_keys(settings) == {"run/gate_closed"}


def test_a_run_whose_telling_was_interrupted_is_told_at_the_next_look(
    told_to: Make, chat: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = told_to("hook")
    failed = run_end("first", succeeded=False, error="it broke", error_class="ValueError")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dagster_pipelines.alerts.notify.update_incidents", killed)
    with pytest.raises(KeyboardInterrupt):
        notify_run(settings, failed)
    monkeypatch.undo()
    assert notify_run(settings, failed).opened == 1


@pytest.mark.parametrize("job_name", [pipeline_job.name, "__ASSET_JOB"])
def test_the_daemon_tells_of_a_run_that_failed(told_to: Make, chat: ChatServer, tmp_path: Path, job_name: str) -> None:
    """Assets of the job or launched from the asset page, where Dagster runs them in a job of its own."""

    @dg.asset
    def broken() -> None:
        raise ValueError("no space left in 'secret value'")

    definitions = dg.Definitions([broken], jobs=[dg.define_asset_job(pipeline_job.name)])
    settings = told_to("hook", language="en")
    sensor = alerts_sensor(settings)
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        failed = definitions.resolve_job_def(job_name).execute_in_process(instance=instance, raise_on_error=False)
        for _ in range(2):
            with dg.build_sensor_context(instance=instance) as context:
                result = sensor(context)
                assert isinstance(result, dg.SkipReason)
    (post,) = chat.received
    assert "Cause: no space left in '…'." in post.payload["message"]
    log = settings.data / "logs" / f"run-{failed.run_id}.log"
    assert str(log) in post.payload["message"]
    assert "no space left" in log.read_text("utf-8")
