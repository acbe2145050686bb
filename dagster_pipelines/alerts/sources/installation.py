"""Problems outside a run: low disk, an old release, missing deliveries, a killed run."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from dagster_pipelines.alerts.configuration import Limits
from dagster_pipelines.alerts.problem import OPERATIONS, PIPELINE, Findings, Kind, Problem, merge
from dagster_pipelines.alerts.sources.checks import delivered_lately_key
from expectations.catalogue import delivery_checks, owners
from expectations.check import Severity, Text
from expectations.thresholds import load_thresholds
from needloop.release.publishing import RELEASE_NOTE, DamagedReleaseError, Release, read_release
from needloop.settings import Settings
from needloop.warehouse.run_lock import died_holding

DISK_LOW = "installation/disk_low"
RELEASE_OLD = "installation/release_old"
RELEASE_DAMAGED = "installation/release_damaged"
RELEASE_UNCHECKED = "installation/release_unchecked"
RUN_DIED = "installation/run_died"


def installation_findings(
    settings: Settings, limits: Limits, last_deliveries: Mapping[str, datetime], now: datetime
) -> Findings:
    """All findings about the installation. `last_deliveries`: {table: local time of the last file}; `now` is aware."""
    return merge(
        [
            _disk(settings, limits),
            _release(settings, limits, now),
            _died_run(settings),
            missing_deliveries(last_deliveries, now.astimezone(ZoneInfo(settings.time_zone))),
        ]
    )


def missing_deliveries(last_deliveries: Mapping[str, datetime], local_now: datetime) -> Findings:
    """The check `delivered_lately` for each table, evaluated without a run."""
    thresholds = load_thresholds()
    check = next(one.check for one in delivery_checks(thresholds) if one.check.name == "delivered_lately")
    problems: list[Problem] = []
    cleared: set[str] = set()
    for table, loaded_at in sorted(last_deliveries.items()):
        allowed = thresholds.days_between_deliveries(table)
        days = (local_now.date() - loaded_at.date()).days
        system = table.partition(".")[0]
        if system not in owners() or allowed is None or days <= allowed:
            cleared.add(delivered_lately_key(table))
            continue
        problems.append(
            Problem(
                key=delivered_lately_key(table),
                kind="delivery",
                severity=check.severity,
                system=system,
                owner=owners()[system],
                where=table,
                title=check.label,
                what=Text(
                    f"最近装载：{loaded_at:%Y-%m-%d %H:%M}，{days} 天没有新文件，允许 {allowed} 天。",
                    f"Last loaded: {loaded_at:%Y-%m-%d %H:%M}, no new file for {days} days, {allowed} allowed.",
                ),
                remedy=check.remedy,
                details="quality/data_docs/raw/index.html",
            )
        )
    return Findings(problems=tuple(problems), cleared=frozenset(cleared))


def _disk(settings: Settings, limits: Limits) -> Findings:
    folder = next(f for f in (settings.data, *settings.data.parents) if f.exists())
    free = shutil.disk_usage(folder).free / 2**30
    if free >= limits.free_disk_gib:
        return Findings(cleared=frozenset({DISK_LOW}))
    what = Text(
        f"{folder} 所在磁盘剩余 {free:.1f} GiB，低于 {limits.free_disk_gib:g} GiB。"
        "写满后运行会失败，已发布的版本不受影响。",
        f"The disk of {folder} has {free:.1f} GiB left, less than {limits.free_disk_gib:g} GiB. When it is full, "
        "runs fail; the published release is not affected.",
    )
    remedy = Text(
        "请清理或扩容磁盘：可调小 NEEDLOOP_KEEP_RELEASES，并删除 <data>/scratch 与旧报告。",
        "Free or add disk space: lower NEEDLOOP_KEEP_RELEASES, delete <data>/scratch and old reports.",
    )
    return _installation_problem(
        DISK_LOW, "disk", "data", title=Text("磁盘空间不足", "Low disk space"), what=what, remedy=remedy
    )


def _release(settings: Settings, limits: Limits, now: datetime) -> Findings:
    try:
        release = read_release(settings)
    except DamagedReleaseError:
        return _damaged_release(settings)
    return merge(
        [
            Findings(cleared=frozenset({RELEASE_DAMAGED})),
            _release_checks(release),
            _release_age(settings, release, limits, now),
        ]
    )


def _damaged_release(settings: Settings) -> Findings:
    """The age of a damaged release is unknown, so an open incident about its age stays open."""
    what = Text(
        f"已发布版本的说明文件 {settings.current / RELEASE_NOTE} 已损坏，无法确定该版本的日期。",
        f"The note of the published release, {settings.current / RELEASE_NOTE}, is damaged, so the age of "
        "the release is unknown.",
    )
    remedy = Text(
        "请运行 needloop run --full-refresh 发布新版本，或用 needloop restore 从备份恢复。",
        "Publish a new release with needloop run --full-refresh, or restore one from a backup with needloop restore.",
    )
    title = Text("发布的版本已损坏", "The release is damaged")
    return _installation_problem(RELEASE_DAMAGED, "release", "release", title=title, what=what, remedy=remedy)


def _release_checks(release: Release | None) -> Findings:
    if release is None or release.is_checked:
        return Findings(cleared=frozenset({RELEASE_UNCHECKED}))
    what = Text(
        f"已发布的版本 {release.release_id} 没有任何检查结果，其数字未经核对。",
        f"The published release {release.release_id} has no check results: its numbers are unchecked.",
    )
    remedy = Text(
        "请运行 needloop run，检查通过后将以新版本替换；在此之前请勿使用其中的数字。",
        "Run needloop run; it replaces the release once the checks pass. Do not use its numbers until then.",
    )
    title = Text("发布的版本未经检查", "The release was not checked")
    return _installation_problem(RELEASE_UNCHECKED, "release", "release", title=title, what=what, remedy=remedy)


def _release_age(settings: Settings, release: Release | None, limits: Limits, now: datetime) -> Findings:
    if release is None or (now - release.created_at).total_seconds() <= limits.release_age_hours * 3600:
        return Findings(cleared=frozenset({RELEASE_OLD}))
    published = release.created_at.astimezone(ZoneInfo(settings.time_zone))
    what = Text(
        f"当前版本发布于 {published:%Y-%m-%d %H:%M}，数据截至 {release.as_of}；已超过 {limits.release_age_hours:g} "
        "小时没有新版本。",
        f"The current release was published on {published:%Y-%m-%d %H:%M} with data as of {release.as_of}. "
        f"There has been no new release for more than {limits.release_age_hours:g} hours.",
    )
    remedy = Text(
        "请查看 needloop status 与最近的告警，确认是没有新文件、运行失败，还是定时任务未启用。",
        "Check needloop status and the latest alerts: no new files, failed runs, or the schedule turned off?",
    )
    title = Text("发布的版本过旧", "The release is too old")
    return _installation_problem(
        RELEASE_OLD, "release", "release", title=title, what=what, remedy=remedy, severity="warning"
    )


def _died_run(settings: Settings) -> Findings:
    holder = died_holding(settings)
    if holder is None:
        return Findings(cleared=frozenset({RUN_DIED}))
    what = Text(
        f"一次运行异常中断（{holder}）：进程被终止或机器重启。已发布的版本不受影响。",
        f"A run was interrupted ({holder}): its process was killed or the machine went down. The published "
        "release is not affected.",
    )
    remedy = Text(
        "重新运行 needloop run 即可，不会丢失数据；若反复发生，请检查内存（NEEDLOOP_MEMORY_LIMIT）与系统日志。",
        "Run needloop run again; no data is lost. If it happens again, check memory (NEEDLOOP_MEMORY_LIMIT) and the "
        "system log.",
    )
    title = Text("运行中断", "A run was killed")
    return _installation_problem(RUN_DIED, "run", "needloop run", title=title, what=what, remedy=remedy)


def _installation_problem(
    key: str, kind: Kind, where: str, *, title: Text, what: Text, remedy: Text, severity: Severity = "blocking"
) -> Findings:
    problem = Problem(
        key=key,
        kind=kind,
        severity=severity,
        system=PIPELINE,
        owner=OPERATIONS,
        where=where,
        title=title,
        what=what,
        remedy=remedy,
    )
    return Findings(problems=(problem,))
