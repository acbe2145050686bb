"""Problems of a run: it failed, a gate closed, data tests of the models found wrong rows."""

from __future__ import annotations

from dagster_pipelines.alerts.problem import OPERATIONS, PIPELINE, Findings, Problem, merge
from dagster_pipelines.alerts.redaction import redact
from dagster_pipelines.reports import report_is_missing
from dagster_pipelines.run_end import RunEnd, Verdict
from expectations.catalogue import owners
from expectations.check import Text
from needloop.release.publishing import DamagedReleaseError, read_release
from needloop.settings import Settings

RUN_FAILED = "run/failed"
GATE_CLOSED = "run/gate_closed"
_DATA_TESTS = "data_test/"
_OF_CHECK_RESULTS = {"blocking_checks", "warning_checks"}
"""Asset checks that summarise check results, which are reported individually."""


def run_findings(end: RunEnd, settings: Settings) -> Findings:
    """Findings of a run that Dagster executed."""
    tests = _data_tests(end)
    if end.closed_gate:
        return merge([tests, Findings(problems=(_gate_closed(end, _current_release(settings)),))])
    if not end.succeeded:
        return merge([tests, failed_run(end.error or "", f"run-{end.run_id}.log", end.release_id)])
    if end.release_id is None and not end.release_is_up_to_date:
        # A selection succeeded, which resolves neither a closed gate nor an earlier failure.
        return tests
    return merge([tests, run_without_error(settings)])


def failed_run(error: str, log: str | None, release_id: str | None = None) -> Findings:
    """A run that ended with an error; `log` is the file in <data>/logs that holds the details.

    `release_id` is what it published before it failed; then only the report is missing.
    """
    reason = redact(error)
    state = Text("未发布新版本，上一版本继续在线", "Nothing was published; the last release stays up")
    if release_id is not None:
        state = Text(
            f"新版本 {release_id} 已发布，报告未生成；处理后运行 needloop run 即可补生成",
            f"The release {release_id} was published, its report was not made; needloop run makes it",
        )
    problem = Problem(
        key=RUN_FAILED,
        kind="run",
        severity="blocking",
        system=PIPELINE,
        owner=OPERATIONS,
        where="needloop run",
        title=Text("运行失败", "The run failed"),
        what=Text(
            f"{state.zh}。原因：{reason}。",
            f"{state.en}. Cause: {reason}.",
        ),
        remedy=Text(
            "请排除原因后重新运行 needloop run；needloop doctor 可检查安装、磁盘与设置。原因不明时，请附日志上报。",
            "Fix the cause and run needloop run again; needloop doctor checks installation, disk and settings. "
            "If the cause is unclear, report it with the log.",
        ),
        details=f"logs/{log}" if log else None,
    )
    return Findings(problems=(problem,))


def run_without_error(settings: Settings) -> Findings:
    """After a run that published or found nothing new; an earlier failure stays open until the report is there."""
    return Findings(cleared=frozenset({GATE_CLOSED} if report_is_missing(settings) else {RUN_FAILED, GATE_CLOSED}))


def _current_release(settings: Settings) -> Text:
    try:
        release = read_release(settings)
    except DamagedReleaseError:
        return Text("当前在线的仍是上一版本", "the last release stays up")
    if release is None:
        return Text("尚未发布任何版本", "nothing has been published yet")
    return Text(f"当前在线版本的数据截至 {release.as_of}", f"the release as of {release.as_of} stays up")


def _gate_closed(end: RunEnd, shown: Text) -> Problem:
    assets = sorted({verdict.asset for verdict in end.closed_gate})
    named = ", ".join(assets[:5]) + (" …" if len(assets) > 5 else "")
    return Problem(
        key=GATE_CLOSED,
        kind="gate",
        severity="blocking",
        system=PIPELINE,
        owner=OPERATIONS,
        where="needloop run",
        title=Text("检查未通过，未发布", "Gate closed, nothing published"),
        what=Text(
            f"阻断检查未通过，涉及 {len(assets)} 张表（{named}）；{shown.zh}。",
            f"Blocking checks failed on {len(assets)} tables ({named}); {shown.en}.",
        ),
        remedy=Text(
            "请各负责团队按所列检查的处理办法更正，然后重新运行 needloop run。",
            "Let the owners fix what the listed checks report, then run needloop run again.",
        ),
        details="quality/data_docs",
    )


def _data_tests(end: RunEnd) -> Findings:
    tests = [verdict for verdict in end.verdicts if verdict.check not in _OF_CHECK_RESULTS]
    return Findings(
        problems=tuple(_failed_test(verdict) for verdict in tests if not verdict.passed),
        cleared=frozenset(_key(verdict) for verdict in tests if verdict.passed),
        # A test absent from a full build was renamed or removed.
        complete_prefixes=(_DATA_TESTS,) if end.succeeded and end.built_everything else (),
    )


def _failed_test(verdict: Verdict) -> Problem:
    return Problem(
        key=_key(verdict),
        kind="data_test",
        severity="blocking" if verdict.blocking else "warning",
        system="marts",
        owner=owners()["marts"],
        where=verdict.asset.removeprefix("marts/"),
        title=Text(f"模型数据测试 {verdict.check} 未通过", f"The data test {verdict.check} failed"),
        what=Text("模型结果不满足约束条件。", "Rows of the model violate its constraint."),
        remedy=Text(
            "请用 needloop rejects 与数据文档排查错误数据；若数据无误，请修正模型，然后重新运行 needloop run。",
            "Look for bad data with needloop rejects and in the data docs; if there is none, fix the model. "
            "Then run needloop run again.",
        ),
        rows=verdict.failing_rows,
        details="quality/data_docs/raw/index.html",
    )


def _key(verdict: Verdict) -> str:
    return f"{_DATA_TESTS}{verdict.asset}/{verdict.check}"
