"""The faults that are injected, one entry each: where, how, and which check has to catch it.

`rows` in the SQL is the day's delivery of the table, every column as delivered text; bank."<system>.<table>" is the
whole bank. Who has to be told follows from the table: the owner of its system's suite.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from expectations.check import Severity

Bytes = Callable[[bytes], bytes]
Kind = Literal["normal", "missing", "skipped"]


@dataclass(frozen=True)
class Fault:
    """One way in which a delivery, or the warehouse after it, is wrong."""

    name: str
    table: str
    zh: str
    caught_by: str
    severity: Severity = "warning"
    sql: tuple[str, ...] = ()
    """Statements on `rows` before they are written."""
    written: Bytes | None = None
    """What becomes of the bytes of the file."""
    ending: str = ""
    """Added to the file's name."""
    kind: Kind = "normal"
    """missing: no file on that day; skipped: none on that day, and all is well on the next."""
    after: tuple[str, ...] = ()
    """Statements on the warehouse after the load."""
    days_later: int = 0
    """Days after the delivery at which the checks run."""


def _one(name: str, table: str, zh: str, caught_by: str, *sql: str) -> Fault:
    return Fault(name, table, zh, caught_by, sql=sql)


def _shifted(hours: int, *columns: str) -> str:
    moved = ", ".join(
        f"{column} = strftime(cast({column} as timestamp) + interval ({hours}) hour, '%Y-%m-%d %H:%M:%S')"
        for column in columns
    )
    return f"update rows set {moved}"


def _versions(table: str, change: str, rows: int = 12) -> str:
    """Rows of a table that seldom comes, delivered anew on the day and changed: `* replace (…)` of the latest."""
    return (
        f"insert into rows select * replace ({change}, '2026-09-24 18:00:00' as updated_at, "
        f"date '2026-09-24' as written_on) from bank.\"{table}\" order by row_in_bank desc limit {rows}"
    )


_GHOST = "'GHOST' || row_in_bank"
_DEAL = 'select policy_id from bank."policy.policies" as policy where policy.customer_id <> rows.customer_id limit 1'
_CUSTOMERS, _INTERACTIONS, _OPPORTUNITIES = "crm.customers", "crm.interactions", "crm.opportunities"
_NEEDS, _EVENTS, _SURVEYS = "crm.needs", "crm.need_events", "crm.surveys"
_POLICIES, _PREMIUMS, _CLAIMS, _COMPLAINTS = (
    "policy.policies",
    "policy.premiums",
    "policy.claims",
    "complaint.complaints",
)
_TRANSACTIONS = "bank.transactions"

CATALOGUE: tuple[Fault, ...] = (
    # crm
    _one("relationship manager not exported", _CUSTOMERS, "漏导理财经理", "nulls_usual",
         "update rows set rm_id = null"),
    _one(
        "birth and customer dates swapped", _CUSTOMERS, "出生日期与开户日期互换",
        "customer_since_not_before_birth_date",
        "update rows set birth_date = customer_since, customer_since = birth_date",
    ),
    _one(
        "names garbled by a wrong encoding", _CUSTOMERS, "姓名编码损坏", "texts_readable",
        "update rows set full_name = 'å¼\xa0ä¸\x89'",
    ),
    _one("assets in hundredths of a fen", _CUSTOMERS, "资产单位放大", "aum_plausible",
         "update rows set aum = '99999999999.00'"),
    _one("unknown codes of gender", _CUSTOMERS, "性别代码改变", "reject_rate", "update rows set gender = 'X1'"),
    _one("everybody refers themselves", _CUSTOMERS, "推荐人为本人", "not_referred_by_self",
         "update rows set referred_by = customer_id"),
    _one("customers from the future", _CUSTOMERS, "开户日期在将来", "customer_since_not_in_future",
         "update rows set customer_since = '2027-05-01'"),
    _one("risk level without its date", _CUSTOMERS, "风险等级无测评日期", "risk_level_dated",
         "update rows set risk_level = 'C3', risk_assessed_on = null"),
    Fault("file did not come", _INTERACTIONS, "当日文件缺失", "came_as_usual", kind="missing"),
    _one("half of the rows lost", _INTERACTIONS, "文件丢失一半行", "volume_of_day",
         "delete from rows where row_in_bank % 2 = 0"),
    _one(
        "day exported twice under new keys", _INTERACTIONS, "同一天以新主键导出两次", "rows_not_twice",
        "insert into rows select * replace ('Z' || interaction_id as interaction_id) from rows",
    ),
    _one("times in UTC", _INTERACTIONS, "时间为 UTC", "times_usual",
         _shifted(-8, "opened_at", "first_response_at", "closed_at")),
    _one(
        "time of day lost", _INTERACTIONS, "丢失时分秒", "times_usual",
        "update rows set opened_at = left(opened_at, 10), first_response_at = left(first_response_at, 10), "
        "closed_at = left(closed_at, 10)",
    ),
    _one("opening and closing swapped", _INTERACTIONS, "开始与结束互换", "closed_at_not_before_opened_at",
         "update rows set opened_at = coalesce(closed_at, opened_at), closed_at = opened_at"),
    _one("channel filled with a default", _INTERACTIONS, "渠道被默认值填充", "mix_usual",
         "update rows set channel = 'app'"),
    _one("customer and staff swapped", _INTERACTIONS, "客户与员工互换", "customer_id_known",
         "update rows set customer_id = coalesce(staff_id, customer_id), staff_id = customer_id"),
    Fault("optional column renamed", _INTERACTIONS, "可选列改名", "headers_known",
          written=lambda text: text.replace(b"resolved_on_contact", b"first_contact_flag", 1)),
    Fault("required column renamed", _INTERACTIONS, "必填列改名", "no_refused_files",
          written=lambda text: text.replace(b"opened_at", b"start_moment", 1)),
    _one("staff not exported", _INTERACTIONS, "漏导员工号", "nulls_usual", "update rows set staff_id = null"),
    Fault("separator in every third row", _INTERACTIONS, "多出分隔符", "reject_rate",
          written=lambda text: b"\n".join(line + b",x" * (n % 3 == 1) for n, line in enumerate(text.split(b"\n")))),
    Fault("file in UTF-16", _INTERACTIONS, "文件为 UTF-16 编码", "no_refused_files",
          written=lambda text: text.decode().encode("utf-16-le")),
    _one("all contacts of one customer", _INTERACTIONS, "客户号被默认值填充", "ids_usual",
         "update rows set customer_id = (select min(customer_id) from bank.\"crm.customers\")"),
    _one("keys lost their leading zeros", _INTERACTIONS, "主键丢失前导零", "ids_usual",
         "update rows set interaction_id = 'I' || ltrim(interaction_id[2:], '0')[4:]"),
    _one("need of another customer", _INTERACTIONS, "需求属于他人", "need_of_customer",
         "update rows set need_id = (select need_id from bank.\"crm.needs\" as need "
         "where need.customer_id <> rows.customer_id order by need_id limit 1)"),
    _one("sales without policies", _OPPORTUNITIES, "成交商机无保单", "won_has_policy",
         "update rows set policy_id = null"),
    _one("stage reset to open", _OPPORTUNITIES, "阶段被重置为进行中", "open_is_not_closed",
         "update rows set stage = 'open', policy_id = null"),
    _one("policy of another customer", _OPPORTUNITIES, "商机保单属于他人", "policy_of_customer",
         f"update rows set policy_id = ({_DEAL}) where policy_id is not null"),
    _one("negative premiums expected", _OPPORTUNITIES, "预计保费为负", "expected_premium_plausible",
         "update rows set expected_premium = '-500'"),
    _one(
        "feed stands still", _OPPORTUNITIES, "数据冻结：重复昨日内容", "brings_news", "delete from rows",
        'insert into rows select * from bank."crm.opportunities" where written_on = date \'2026-09-23\'',
    ),
    _one("burst of unknown customers", _NEEDS, "大量未知客户", "customer_id_known",
         f"update rows set customer_id = {_GHOST}"),
    _one("complaints of other customers", _NEEDS, "投诉属于他人", "complaint_of_customer",
         "update rows set source = 'complaint', complaint_id = (select complaint_id "
         "from bank.\"complaint.complaints\" as c "
         "where c.customer_id <> rows.customer_id order by complaint_id limit 1)"),
    _one("needs raised in the future", _NEEDS, "需求时间在将来", "raised_at_not_in_future",
         "update rows set raised_at = '2026-12-24 10:00:00'"),
    _one("events a year too early", _EVENTS, "事件早于需求", "not_before_need_raised", _shifted(-8760, "occurred_at")),
    _one("scores on every event", _EVENTS, "非核实事件带评分", "score_only_on_verified",
         "update rows set satisfaction_score = '5' where event <> 'verified'"),
    _one("day and month exchanged", _EVENTS, "日期格式改为日/月/年", "reject_rate",
         "update rows set occurred_at = strftime(cast(occurred_at as timestamp), '%d/%m/%Y %H:%M:%S')"),
    _one("events there twice", _EVENTS, "事件重复", "need_id_event_occurred_at_once",
         "insert into rows select * replace ('Z' || event_id as event_id) from rows"),
    _one("scores out of a hundred", _SURVEYS, "评分改为百分制", "reject_rate",
         "update rows set score = cast(20 * cast(score as integer) + 20 as varchar)"),
    Fault("feed is late", _SURVEYS, "交付迟到", "came_as_usual", kind="missing"),
    _one("survey about another's policy", _SURVEYS, "问卷保单属于他人", "policy_of_customer",
         f"update rows set policy_id = ({_DEAL})"),
    # policy
    _one("products withdrawn before launch", "policy.products", "停售早于上市", "withdrawn_on_not_before_launched_on",
         _versions("policy.products", "'2019-01-01' as withdrawn_on, '2020-01-01' as launched_on")),
    _one("policies issued in the future", _POLICIES, "签发日期在将来", "issued_on_not_in_future",
         "update rows set issued_on = '2027-01-01', effective_on = '2027-01-02', status_on = '2027-01-02'"),
    _one("products unknown", _POLICIES, "未知产品", "product_id_known", f"update rows set product_id = {_GHOST}"),
    _one("premium ten million times too high", _POLICIES, "保费单位错误", "annual_premium_plausible",
         "update rows set annual_premium = cast(annual_premium as decimal(18, 2)) * 1000000"),
    _one("sold by who had left", _POLICIES, "销售人员已离职", "seller_employed",
         "update rows set staff_id = (select max(staff_id) from bank.\"training.staff\" where left_on < '2026-01-01')"),
    _one("cover before the issue", _POLICIES, "生效早于签发", "effective_on_not_before_issued_on",
         "update rows set effective_on = '2023-01-01'"),
    _one("amounts in fen", _PREMIUMS, "金额以分交付（×100）", "amounts_usual",
         "update rows set due_amount = cast(due_amount as decimal(18, 2)) * 100, "
         "paid_amount = cast(paid_amount as decimal(18, 2)) * 100"),
    _one("paid but never due", _PREMIUMS, "有实收无应收", "paid_has_due", "update rows set due_amount = '0'"),
    _one("payments without their day", _PREMIUMS, "有金额无缴费日期", "payment_whole",
         "update rows set paid_on = null"),
    _one("instalments twice", _PREMIUMS, "期次重复", "policy_id_instalment_no_once",
         "insert into rows select * replace ('Z' || premium_id as premium_id) from rows"),
    _one("decimal commas", _PREMIUMS, "小数点为逗号", "reject_rate",
         "update rows set due_amount = replace(due_amount, '.', ',') || ',5'"),
    _one("premiums of unknown policies", _PREMIUMS, "未知保单", "policy_id_known",
         f"update rows set policy_id = {_GHOST}"),
    _one("paid before decided", _CLAIMS, "赔付早于决定", "paid_at_not_before_decided_at",
         "update rows set status = 'paid', decided_at = '2026-09-24 10:00:00', paid_at = '2026-09-24 09:00:00'"),
    _one("paid more than claimed", _CLAIMS, "赔付多于索赔", "paid_at_most_claimed",
         "update rows set paid_amount = cast(claimed_amount as decimal(18, 2)) * 10"),
    Fault("compressed file cut off", _CLAIMS, "压缩文件被截断", "no_refused_files", ending=".gz",
          written=lambda text: gzip.compress(text)[: len(gzip.compress(text)) // 2]),
    # complaint
    _one("policies of other customers", _COMPLAINTS, "投诉保单属于他人", "policy_of_customer",
         f"update rows set policy_id = ({_DEAL}), product_id = null"),
    _one("outcome without its time", _COMPLAINTS, "有结论无办结时间", "outcome_has_time",
         "update rows set outcome = 'upheld', resolved_at = null"),
    _one("ids written by a spreadsheet", _COMPLAINTS, "编号变为科学计数法", "customer_id_known",
         "update rows set customer_id = '1.00E+08'"),
    _one("resolved before received", _COMPLAINTS, "办结早于受理", "resolved_at_not_before_received_at",
         "update rows set resolved_at = '2026-01-01 10:00:00', closed_at = '2026-09-24 10:00:00'"),
    # training and organisation
    _one("everybody their own supervisor", "training.staff", "上级为本人", "not_own_supervisor",
         _versions("training.staff", "staff_id as supervisor_id")),
    _one("hours in minutes", "training.attendance", "学时以分钟计", "hours_attended_plausible",
         "insert into rows select * replace ('Z' || attendance_id as attendance_id, 'true' as attended, "
         "'240' as hours_attended, '2026-09-24' as session_on) from bank.\"training.attendance\" limit 12"),
    _one("completed before it started", "training.enrolments", "结业早于开班", "completed_on_not_before_started_on",
         _versions("training.enrolments", "'2020-01-01' as completed_on")),
    _one("scores above a hundred", "training.assessments", "成绩超过百分", "reject_rate",
         "insert into rows select * replace ('Z' || assessment_id as assessment_id, '850' as score, "
         "'2026-09-24' as taken_on) from bank.\"training.assessments\" limit 12"),
    _one("tests of other people's programmes", "training.assessments", "报名属于他人", "enrolment_of_staff",
         "insert into rows select * replace ('Z' || assessment_id as assessment_id, '2026-09-24' as taken_on, "
         "(select max(staff_id) from bank.\"training.staff\") as staff_id) from bank.\"training.assessments\" "
         "where enrolment_id is not null limit 12"),
    _one("appraisals of a quarter to come", "training.appraisals", "考核期间在将来", "period_not_in_future",
         _versions("training.appraisals", "'2027Q1' as period")),
    _one("branches opened in the future", "org.branches", "开业日期在将来", "opened_on_not_in_future",
         _versions("org.branches", "'2027-01-01' as opened_on")),
    # bank, experiment, external
    _one("amounts a hundred times too high", _TRANSACTIONS, "金额放大 100 倍", "amounts_usual",
         "update rows set amount = cast(amount as decimal(18, 2)) * 100"),
    _one("signs turned", _TRANSACTIONS, "金额正负颠倒", "amounts_usual",
         "update rows set amount = -cast(amount as decimal(18, 2))"),
    Fault("a day never came", _TRANSACTIONS, "某日从未交付", "no_gap", kind="skipped"),
    _one("only the header came", _TRANSACTIONS, "只有表头", "volume_of_day", "delete from rows"),
    _one("everything twice", _TRANSACTIONS, "行数翻倍", "volume_of_day",
         "insert into rows select * replace ('Z' || transaction_id as transaction_id) from rows"),
    _one("transactions from the future", _TRANSACTIONS, "交易时间在将来", "occurred_at_not_in_future",
         _shifted(24 * 90, "occurred_at")),
    Fault("file of another table", _TRANSACTIONS, "交付了别的表", "no_refused_files",
          written=lambda _: b"month,indicator,value\n2026-08-01,cpi,100.1\n"),
    _one("units in both arms", "experiment.assignments", "单元同时在两组", "unit_in_one_arm",
         "insert into rows select * replace ('Z' || assignment_id as assignment_id, case variant when 'control' then "
         "'treatment' else 'control' end as variant) from bank.\"experiment.assignments\" limit 12"),
    _one("months not at their first day", "external.indicators", "月份不是首日", "month_is_first_day",
         _versions("external.indicators", "'2026-08-31' as month")),
    # the warehouse, and time
    Fault("rows lost from the warehouse", _NEEDS, "入库后丢行", "rows_reconcile", "blocking",
          after=("delete from raw.crm__needs where _line % 7 = 0",)),
    Fault("rows doubled in the warehouse", _CLAIMS, "入库后行重复", "key_unique", "blocking",
          after=("insert into raw.policy__claims from raw.policy__claims",)),
    Fault("values damaged in the warehouse", _SURVEYS, "入库后取值损坏", "instrument_in_domain", "blocking",
          after=("update raw.crm__surveys set instrument = 'x' where _line % 9 = 0",)),
    Fault("data lags behind", _INTERACTIONS, "数据落后", "fresh", days_later=4),
    Fault("no file for eleven days", _POLICIES, "十一天没有文件", "delivered_lately", days_later=11),
)  # fmt: skip
