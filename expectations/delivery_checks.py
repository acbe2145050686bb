"""The checks of every table's deliveries: bookkeeping, rejects, refused files, freshness, volume.

They are one condition for all tables, on the line that deliveries.py has of each.
"""

from __future__ import annotations

from dataclasses import dataclass

from expectations.check import Check, Text
from expectations.deliveries import out_of_the_usual
from expectations.rules import NoRowWhere
from expectations.thresholds import Thresholds


@dataclass(frozen=True)
class DeliveryCheck:
    """A check with one result per table; the texts are filled from the table's line in quality.deliveries."""

    check: Check
    failed: str
    """Expression over the line: the rows (files, tables) that fail, when it fails."""
    checked: str
    """Expression over the line: what was looked at."""
    passed_message: Text
    failed_message: Text


def delivery_checks(thresholds: Thresholds) -> tuple[DeliveryCheck, ...]:
    """All of them, with the limits of `thresholds`."""
    return (
        _rows_reconcile(),
        _reject_rate(thresholds),
        _refused_files(),
        _freshness(),
        _delivered_lately(),
        _came_as_usual(),
        _brings_news(),
        _headers_known(),
        _no_gap(thresholds),
        _volume("day", thresholds),
        _volume("week", thresholds),
    )


def _rows_reconcile() -> DeliveryCheck:
    return DeliveryCheck(
        check=Check(
            name="rows_reconcile",
            severity="blocking",
            rule=NoRowWhere("unbalanced_rows > 0", ()),
            label=Text("行数与装载记录一致", "Rows reconcile with the load log"),
            meaning=Text(
                "每个文件：行数 = 装载 + 忽略 + 拒绝，且原始表与拒绝表中确有这些行。",
                "For every file rows = loaded + ignored + rejected, and raw table and rejects hold just these rows.",
            ),
            remedy=Text(
                "数据仓库与装载记录不符：请勿使用；恢复数据仓库文件的备份，"
                "或删除数据仓库文件后对全部文件重新运行 needloop run，并报告此问题。",
                "Warehouse and load log disagree, so do not use it: restore the warehouse file from a backup, or "
                "remove it and run needloop run over all delivered files again, and report the problem.",
            ),
        ),
        failed="unbalanced_rows",
        checked="rows_in_files",
        passed_message=Text(
            "文件共 {rows_in_files} 行 = 装载 {loaded} + 忽略 {ignored} + 拒绝 {rejected}。",
            "{rows_in_files} rows in files = {loaded} loaded + {ignored} ignored + {rejected} rejected.",
        ),
        failed_message=Text(
            "有 {unbalanced_rows} 行对不上：文件 {rows_in_files} 行，装载 {loaded}，忽略 {ignored}，拒绝 {rejected}。",
            "{unbalanced_rows} rows do not reconcile: {rows_in_files} in files, {loaded} loaded, {ignored} ignored, "
            "{rejected} rejected.",
        ),
    )


def _reject_rate(thresholds: Thresholds) -> DeliveryCheck:
    limit, least = thresholds.reject_rate.limit, thresholds.reject_rate.least_rows
    of_few, least_of_few = thresholds.reject_rate.limit_of_few, thresholds.reject_rate.least_rejected_of_few
    return DeliveryCheck(
        check=Check(
            name="reject_rate",
            severity="warning",
            rule=NoRowWhere(
                f"last_delivery_rows >= {least} and last_delivery_rejected > {limit} * last_delivery_rows "
                f"or last_delivery_rejected >= {least_of_few} "
                f"and last_delivery_rejected > {of_few} * last_delivery_rows",
                (),
            ),
            label=Text(f"最近一次交付的拒绝率不超过 {limit:.1%}", f"At most {limit:.1%} of the last delivery rejected"),
            meaning=Text(
                "拒绝率突然升高多为源系统格式变化。",
                "A sudden rise mostly means that the source system's format changed.",
            ),
            remedy=Text(
                "用 needloop rejects 查看原因；更正后重新交付被拒绝的行，或在 mapping.yml 中补充别名。",
                "See the reasons with needloop rejects; correct the rows and deliver them again, or add an alias to "
                "mapping.yml.",
            ),
        ),
        failed="last_delivery_rejected",
        checked="last_delivery_rows",
        passed_message=Text(
            "最近一次交付 {last_delivery_rows} 行，拒绝 {last_delivery_rejected} 行。",
            "The last delivery had {last_delivery_rows} rows, {last_delivery_rejected} rejected.",
        ),
        failed_message=Text(
            "最近一次交付 {last_delivery_rows} 行中有 {last_delivery_rejected} 行被拒绝。",
            "{last_delivery_rejected} of the {last_delivery_rows} rows of the last delivery were rejected.",
        ),
    )


def _refused_files() -> DeliveryCheck:
    return DeliveryCheck(
        check=Check(
            name="no_refused_files",
            severity="warning",
            rule=NoRowWhere("files_refused > 0", ()),
            label=Text("没有被拒收的文件", "No file is refused"),
            meaning=Text("被拒收文件中的行都不在数字里。", "No row of a refused file is in the numbers."),
            remedy=Text(
                "用 needloop rejects 查看文件与原因；更正文件或 mapping.yml，下次运行会再试。",
                "See file and reason with needloop rejects; mend the file or mapping.yml, the next run tries it again.",
            ),
        ),
        failed="files_refused",
        checked="files_taken + files_refused",
        passed_message=Text("{files_taken} 个文件已接收。", "{files_taken} files taken."),
        failed_message=Text(
            "{files_refused} 个文件被拒收，{files_taken} 个已接收。",
            "{files_refused} files refused, {files_taken} taken.",
        ),
    )


def _freshness() -> DeliveryCheck:
    return DeliveryCheck(
        check=Check(
            name="fresh",
            severity="warning",
            rule=NoRowWhere(
                "days_behind_allowed is not null "
                "and coalesce(days_behind, days_behind_allowed + 1) > days_behind_allowed",
                (),
            ),
            label=Text("数据不落后", "Data is not behind"),
            meaning=Text(
                "落后的表会使最近期间的数字偏低。",
                "A table that lags behind makes the numbers of the latest period too low.",
            ),
            remedy=Text(
                "请向源系统索取缺少的日期的文件；若该表本就很少变化，"
                "请在 expectations/thresholds.yml 中放宽 freshness。",
                "Ask the source system for the days that are missing; if the table seldom changes, widen freshness in "
                "expectations/thresholds.yml.",
            ),
        ),
        failed="1",
        checked="1",
        passed_message=Text(
            "最新数据：{latest_data_on}（落后 {days_behind} 天，允许 {days_behind_allowed} 天）。",
            "Latest data: {latest_data_on} ({days_behind} days behind, {days_behind_allowed} allowed).",
        ),
        failed_message=Text(
            "最新数据：{latest_data_on}，落后 {days_behind} 天，允许 {days_behind_allowed} 天；当前 {rows_now} 行。",
            "Latest data: {latest_data_on}, {days_behind} days behind, {days_behind_allowed} allowed; "
            "{rows_now} rows now.",
        ),
    )


def _delivered_lately() -> DeliveryCheck:
    return DeliveryCheck(
        check=Check(
            name="delivered_lately",
            severity="warning",
            rule=NoRowWhere("days_without_delivery > days_without_delivery_allowed", ()),
            label=Text("近期有新文件", "A file came lately"),
            meaning=Text(
                "长期没有新文件多为交付作业中断。", "No new file for long mostly means that the delivery job stopped."
            ),
            remedy=Text(
                "请检查源系统的导出作业；若周期本就较长，"
                "请在 expectations/thresholds.yml 中修改 days_without_delivery。",
                "Check the source system's export job; if it runs seldom, change days_without_delivery in "
                "expectations/thresholds.yml.",
            ),
        ),
        failed="1",
        checked="1",
        passed_message=Text("最近装载：{last_loaded_at}。", "Last loaded: {last_loaded_at}."),
        failed_message=Text(
            "最近装载：{last_loaded_at}，{days_without_delivery} 天没有新文件，"
            "允许 {days_without_delivery_allowed} 天。",
            "Last loaded: {last_loaded_at}, no new file for {days_without_delivery} days, "
            "{days_without_delivery_allowed} allowed.",
        ),
    )


def _came_as_usual() -> DeliveryCheck:
    return _of_the_feed(
        "came_as_usual",
        "is_missing",
        label=Text("每次都交付的表本次也已交付", "A table that always comes came with the last delivery"),
        meaning=Text(
            "缺少的一天不会自动补上，该日的数字会偏低。",
            "The day that is missing makes the numbers too low until it comes.",
        ),
        remedy=Text(
            "请检查该表的导出作业，并补交缺少的文件。",
            "Check the table's export job and have the missing file delivered.",
        ),
        passed=Text("最近一次到达：{came_on}。", "Last came on {came_on}."),
        failed=Text(
            "{expected_on} 的交付中没有该表，而此前几乎每次都有；最近一次到达：{came_on}。",
            "Not in the delivery of {expected_on}, though it comes with nearly every one; it last came on {came_on}.",
        ),
    )


def _brings_news() -> DeliveryCheck:
    return _of_the_feed(
        "brings_news",
        "is_frozen",
        label=Text("新交付带来新数据", "A delivery brings newer rows"),
        meaning=Text(
            "源系统停在旧数据上时，文件照常到达而内容不变。",
            "A source that stands still goes on sending files, with the same content.",
        ),
        remedy=Text(
            "请检查源系统的导出是否停在旧日期；若本次只交付更正，则无需处理。",
            "See whether the export stands still at an old date; for a delivery of corrections, nothing is to be done.",
        ),
        passed=Text("最新一行：{newest_now}。", "Newest row: {newest_now}."),
        failed=Text(
            "{expected_on} 的交付没有比 {newest_before} 更新的行。",
            "The delivery of {expected_on} has no row newer than {newest_before}.",
        ),
    )


def _headers_known() -> DeliveryCheck:
    return _of_the_feed(
        "headers_known",
        "new_headers is not null",
        label=Text("没有新出现的未知列", "No unknown header has turned up"),
        meaning=Text(
            "源系统改名或新增的列不会装载，改名的列从此为空。",
            "A column that was renamed or added is not loaded; the renamed one is empty from then on.",
        ),
        remedy=Text(
            "请在 mapping.yml 中为该列写明含义；若不需要，七天后自动解除。",
            "Name its column in mapping.yml; if it is not wanted, the check passes after seven days.",
        ),
        passed=Text("近七天没有新的未知列。", "No new header in the last seven days."),
        failed=Text(
            "近七天新出现的未知列：{new_headers}。", "New unknown headers in the last seven days: {new_headers}."
        ),
    )


def _no_gap(thresholds: Thresholds) -> DeliveryCheck:
    days = thresholds.volume.gap_days
    return _of_the_feed(
        "no_gap",
        "gap_days > 0",
        label=Text(f"近 {days} 天没有空缺的日子", f"No day without rows in the last {days} days"),
        meaning=Text(
            "某一天的文件从未到达时，以后的交付不会补上它。",
            "Where the file of a day never came, later deliveries do not make up for it.",
        ),
        remedy=Text("请源系统补交该日的文件。", "Ask the source system for the file of that day."),
        passed=Text("没有空缺；行数少或历史短的表不判断。", "No gap; not judged with few rows or a short history."),
        failed=Text(
            "有 {gap_days} 天没有任何行，最近的是 {latest_gap_on}。",
            "{gap_days} days have no row at all, the latest being {latest_gap_on}.",
        ),
        failed_count="gap_days",
    )


def _of_the_feed(
    name: str,
    condition: str,
    *,
    label: Text,
    meaning: Text,
    remedy: Text,
    passed: Text,
    failed: Text,
    failed_count: str = "1",
) -> DeliveryCheck:
    return DeliveryCheck(
        check=Check(
            name=name,
            severity="warning",
            rule=NoRowWhere(condition, ()),
            label=label,
            meaning=meaning,
            remedy=remedy,
        ),
        failed=failed_count,
        checked="1",
        passed_message=passed,
        failed_message=failed,
    )


def _volume(window: str, thresholds: Thresholds) -> DeliveryCheck:
    zh, en = {
        "day": ("最近一整天", "the latest whole day"),
        "week": ("最近七天", "the latest seven days"),
    }[window]
    numbers = Text(
        f"截至 {{day_on}} {zh}：{{{window}_rows}} 行；此前各周通常 {{{window}_usual}} 行（容许偏差 "
        f"{thresholds.volume.limit:g} × {{{window}_spread}}）。",
        f"{en.capitalize()} up to {{day_on}}: {{{window}_rows}} rows; usual in the weeks before: {{{window}_usual}} "
        f"(tolerance {thresholds.volume.limit:g} x {{{window}_spread}}).",
    )
    return DeliveryCheck(
        check=Check(
            name=f"volume_of_{window}",
            severity="warning",
            rule=NoRowWhere(out_of_the_usual(window, thresholds.volume), ()),
            label=Text(
                f"{zh}的行数正常",
                f"Usual number of rows on {en}" if window == "day" else f"Usual number of rows in {en}",
            ),
            meaning=Text(
                "行数骤降多为交付不全，骤增多为重复交付。",
                "A sudden drop mostly means that a delivery is incomplete, a jump that something was delivered twice.",
            ),
            remedy=Text(
                "请与源系统核对该日的行数；属实则无需处理。",
                "Compare the day's rows with the source system; if they are right, nothing is to be done.",
            ),
        ),
        failed="1",
        checked="1",
        passed_message=Text(
            f"{numbers.zh}行数太少、历史太短或含节假日时不判断。",
            f"{numbers.en} Not judged with few rows, a short history or a holiday.",
        ),
        failed_message=numbers,
    )
