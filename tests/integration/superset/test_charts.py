"""The numbers that charts show are the release's. That every chart has rows is in test_servers.py."""

from __future__ import annotations

import re
from typing import Any

import duckdb
import pytest

from tests.dashboard_server import Api, DashboardServer
from tests.release_of_known_numbers import IN_PROGRESS, QUARTERS

KEY_FIGURES = (
    "resolution_rate",
    "closed_loop_rate",
    "sla_compliance",
    "time_to_resolution_p50",
    "verified_satisfaction",
    "closing_backlog",
)


def _published(server: DashboardServer, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str((server.data / "current" / "needloop_marts.duckdb").resolve()), read_only=True) as marts:
        return marts.execute(query).fetchall()


def _tile(admin: Api, label: str, quarter: str, **filters: str) -> dict[str, Any]:
    language = "zh" if re.search("[\u4e00-\u9fff]", label) else "en"
    (row,) = admin.rows(admin.charts(f"needs-closure-{language}")[f"{label}|table"], quarter, **filters)
    return row


def _words(tile: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", tile).split())


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("metric", KEY_FIGURES)
def test_a_key_figure_is_the_published_number(server: DashboardServer, admin: Api, language: str, metric: str) -> None:
    ((label,),) = _published(server, f"select label_{language} from marts.dim_metric where metric = '{metric}'")
    for quarter in QUARTERS:
        ((value,),) = _published(
            server,
            f"select value from marts.mart_metric_trend where metric = '{metric}' and period = '{quarter}'"
            " and group_by = 'all'",
        )
        assert _tile(admin, str(label), quarter)[metric] == value


def test_a_key_figure_worked_out_by_hand(admin: Api) -> None:
    """resolution_rate: (3 + 50 + 1) ÷ 201 = 26.9 % in the 5th quarter, 21.9 % in the 4th, 7.0 % a year before."""
    tile = _tile(admin, "需求解决率", "2026Q3")
    assert tile["resolution_rate"] == 54 / 201
    assert _words(tile["tile"]) == "26.9 % 较上季 +5.0 个百分点 较上年 +19.9 个百分点 进行中"
    assert tile["tile"].count('class="needloop-1"') == 2, "both in the colour of what is better"
    assert _words(_tile(admin, "Resolution rate", "2026Q2")["tile"]) == "21.9 % Quarter +5.0 pp Year —"


def test_a_key_figure_follows_the_group_that_is_chosen(admin: Api) -> None:
    """The 2nd department of the labels: (3 + 50 + 2) ÷ 202. A metric of two groups at once is not published."""
    assert _tile(admin, "需求解决率", "2026Q3", owner_department="运营部")["resolution_rate"] == 55 / 202
    both = _tile(admin, "需求解决率", "2026Q3", owner_department="运营部", category="产品讲解")
    assert both["resolution_rate"] is None
    assert "请只选一个分组条件" in both["tile"]


def test_a_key_figure_on_a_small_sample_says_so(admin: Api) -> None:
    """The first grade rests on 29 cases, one fewer than may be shown without a word."""
    assert "样本少 n=29" in _tile(admin, "需求解决率", "2026Q2", grade="P1 紧急")["tile"]
    assert "样本少" not in _tile(admin, "需求解决率", "2026Q2", grade="P2 高")["tile"]
    assert "样本少" not in _tile(admin, "期末未结需求", "2026Q2", grade="P1 紧急")["tile"], "a count is no estimate"


def test_without_a_quarter_before_there_is_no_change(admin: Api) -> None:
    rows = admin.rows(admin.charts("needs-closure-zh")["关键指标与变化|table"], "2025Q3")
    assert {row["上季"] for row in rows} == {"—"}
    assert {row["较上季"] for row in rows} == {"—"}


def test_key_figures_are_written_with_their_unit_and_verdict(admin: Api) -> None:
    rows = {
        row["metric_label"]: row
        for row in admin.rows(admin.charts("needs-closure-en")["Key figures and their change|table"], IN_PROGRESS)
    }
    # 54 ÷ 201 against 44 ÷ 201 and, a year before, 14 ÷ 201; more is better.
    assert rows["Resolution rate"] == {
        "metric_label": "Resolution rate",
        "Value": "26.9%",
        "Quarter before": "21.9%",
        "Change": "+5.0 pp  better",
        "Change on year": "+19.9 pp  better",
        "n": 31,
        "Remark": "quarter in progress",
    }
    # Hours are written as hours; less is better.
    assert rows["Time to resolution, median"]["Value"].endswith(" h")
    assert rows["Time to resolution, median"]["Change"] == "+10.0 h  worse"
    assert rows["Needs raised"]["Value"] == "52"
    assert rows["Needs raised"]["Change"] == "+10", "neither more nor less is better"


def test_a_league_table_hides_rates_on_small_samples_only(admin: Api) -> None:
    rows = {
        row["编号"]: row
        for row in admin.rows(admin.charts("needs-closure-zh")["按网点（样本不足的比率不显示）|table"], "2026Q2")
    }
    assert len(rows) == 6
    assert rows["B1"]["需求解决率"] is None, "29 cases"
    assert rows["B1"]["需求提出量"] == 1 + 40 + 1, "a count is never hidden"
    assert rows["B2"]["需求解决率"] == (3 + 40 + 2) / 202, "32 cases"


def test_a_group_on_a_small_sample_is_drawn_apart(admin: Api) -> None:
    chart = admin.charts("needs-closure-en")["SLA compliance by grade|echarts_timeseries_bar"]
    rows = {row["grade"]: row for row in admin.rows(chart, "2026Q2")}
    assert len(rows) == 4
    assert [row["SLA compliance"] is None for row in rows.values()].count(True) == 1
    assert rows["P1 critical"]["SLA compliance"] is None
    assert rows["P1 critical"]["SLA compliance · small sample"] > 0
    assert rows["P2 high"]["SLA compliance · small sample"] is None


def test_trends_show_every_quarter_and_mark_the_one_in_progress(admin: Api) -> None:
    rows = admin.rows(admin.charts("needs-closure-zh")["解决、闭环与时效趋势|echarts_timeseries_line"])
    assert {row["period_label"] for row in rows} == {"2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3（进行中）"}
    (last,) = (row for row in rows if row["period_label"].startswith("2026Q3"))
    assert last["resolution_rate"] == 54 / 201


def test_weak_spots_come_ranked_with_their_cumulative_share(admin: Api) -> None:
    rows = admin.rows(admin.charts("needs-closure-en")["Weak spots in full|table"], "2026Q2")
    assert [row["rank"] for row in rows] == list(range(1, 21))
    assert rows[0]["cumulative_share"] == pytest.approx(20 / 210)
    assert rows[1]["cumulative_share"] == pytest.approx(39 / 210)
    assert rows[-1]["cumulative_share"] == pytest.approx(1)


def test_the_board_has_every_open_need_the_overdue_first(admin: Api) -> None:
    board = admin.charts("needs-closure-en")["Tracking board: open needs, overdue first|table"]
    rows = admin.rows(board, "2025Q3")
    assert [row["need_id"] for row in rows] == [f"N{k}" for k in range(1, 13)], "whatever quarter is chosen"
    assert [row["overdue"] for row in rows] == ["overdue"] * 6 + ["not due yet"] * 6
    assert rows[0]["hours_to_due"] == -144
    claims = admin.rows(board, overdue="overdue", owner_department="Claims")
    assert [row["need_id"] for row in claims] == ["N5"]


def test_open_complaints_come_oldest_first_with_the_limit_they_passed(admin: Api) -> None:
    rows = admin.rows(admin.charts("complaints-and-claims-zh")["在办投诉，最早受理的在前|table"])
    assert [row["complaint_id"] for row in rows] == [f"C{k}" for k in range(8, 0, -1)]
    assert [row["limit_passed"] for row in rows][:3] == ["超过 60 天", "超过 60 天", "超过 30 天"]
    assert rows[-1]["limit_passed"] == "15 天以内"


def test_the_funnel_has_each_step_that_the_chosen_quarter_reached(admin: Api) -> None:
    rows = admin.rows(admin.charts("follow-up-zh")["跟进漏斗：本季创建的商机|funnel"], "2026Q2")
    assert sorted(row["步骤"] for row in rows) == [
        "1 首次联系到达率",
        "2 需求确认到达率",
        "3 方案呈现到达率",
        "4 成交率",
        "5 售后回访到达率",
    ]
    first = admin.rows(admin.charts("follow-up-zh")["首次联系到达率|table"], "2026Q2")[0]["reach_first_contact"]
    assert {row["步骤"]: row["到达率"] for row in rows}["1 首次联系到达率"] == first


def test_steps_to_do_come_latest_due_first(admin: Api) -> None:
    rows = admin.rows(admin.charts("follow-up-en")["Steps to do, latest due first|table"])
    assert [row["opportunity_id"] for row in rows] == [f"O{k}" for k in range(6, 0, -1)]
    assert [row["step_overdue"] for row in rows] == ["soon due"] * 3 + ["overdue"] * 3


def test_flows_between_stages_leave_those_who_stay_out_and_never_come_back(admin: Api) -> None:
    """Two months of the quarter: stage 1 → 2 is 12 customers each month. One month of the next quarter."""
    chart = admin.charts("customer-lifecycle-zh")["阶段之间的流向（客户数）|sankey_v2"]
    flows = {(row["stage_left"], row["stage_reached"]): row["stage_transitions"] for row in admin.rows(chart, "2026Q2")}
    assert len(flows) == 8 * 7
    assert flows["自 潜在客户", "至 流失客户"] == 24
    assert not {left for left, _ in flows} & {reached for _, reached in flows}
    assert {row["stage_transitions"] for row in admin.rows(chart, "2026Q3") if row["stage_left"] == "自 潜在客户"} == {
        12, 13, 14, 15, 16, 17, 18,
    }  # fmt: skip


def test_retention_by_quarters_since_the_first_cover(admin: Api) -> None:
    chart = admin.charts("customer-lifecycle-en")[
        "Customers retained by quarter of first cover and quarters since|heatmap_v2"
    ]
    rows = {(row["cohort"], row["quarters_since"]): row["retention"] for row in admin.rows(chart, "2026Q2")}
    assert len(rows) == 5 + 4 + 3 + 2 + 1, "whatever quarter is chosen"
    assert rows["2025Q3", "+00"] == 1
    assert rows["2025Q3", "+04"] == 0.6


def test_open_gaps_say_how_many_can_be_closed(admin: Api) -> None:
    rows = admin.rows(admin.charts("customer-lifecycle-en")["Open gaps and what can close them|table"])
    assert [(row["coverage_gaps"], row["actionable"]) for row in rows] == [(k, k - 1) for k in range(1, 7)]


def test_persistency_by_month_of_issue_is_of_the_bank_or_the_group_chosen_and_of_ripe_months(admin: Api) -> None:
    """Of the bank 90 - k of 100, of the first product one fewer; at 25 months none is ripe."""
    chart = admin.charts("policy-quality-zh")["继续率（保单数）：按承保月|heatmap_v2"]
    rows = {(row["issue_month"], row["tested_at"]): row["persistency"] for row in admin.rows(chart)}
    assert rows == {(f"2025-0{k}", "13 个月"): (90 - k) / 100 for k in range(1, 9)}
    product = str(
        admin.rows(admin.charts("policy-quality-zh")["退保率 · 按产品类别|echarts_timeseries_bar"])[0][
            "product_category"
        ]
    )
    first = {row["issue_month"]: row["persistency"] for row in admin.rows(chart, product_category=product)}
    assert len(first) == 8
    assert first["2025-01"] < 0.89


def test_the_release_and_its_as_of_stand_on_the_dashboard(admin: Api) -> None:
    (row,) = admin.rows(admin.charts("needs-closure-en")["Quarter and release|table"], IN_PROGRESS)
    words = _words(row["banner"])
    assert words.startswith("2026Q3 in progress 2026-07-01 to 2026-09-15 Data as of 2026-09-15 Release ")
    assert "-first" in words


def test_the_quarter_filter_offers_the_latest_quarter_first(admin: Api) -> None:
    dashboard = admin.client.get("/api/v1/dashboard/needs-closure-zh").json()["result"]
    assert '"defaultToFirstItem": true' in dashboard["json_metadata"]
    assert '"sortAscending": false' in dashboard["json_metadata"]


def test_the_quality_dashboard_counts_and_names_what_fails(admin: Api) -> None:
    """On the 15th each of three systems has 5 failed checks of 10; six incidents lasted 1 to 6 hours, two are open."""
    charts = admin.charts("data-quality-zh")
    by_system = admin.rows(charts["未通过的检查：按系统|echarts_timeseries_bar"])
    latest = [row for row in by_system if row["day"] == "2026-09-15"]
    assert {row["system"]: row["failed_checks"] for row in latest} == {"crm": 5, "policy": 5, "complaint": 5}
    passed = admin.rows(charts["检查通过率|echarts_timeseries_line"])
    assert {row["day"]: row["passed_share"] for row in passed}["2026-09-15"] == 0.5
    opened = admin.rows(charts["未解决的事件，最久的在前|table"])
    assert [row["lasted_hours"] for row in opened] == [6.0, 5.0]
    reasons = admin.rows(charts["拒收行数：按原因|echarts_timeseries_bar"])
    assert [row["rows_rejected"] for row in reasons] == [5 * (1 + 2 + 3)]
    late = admin.rows(charts["各表的及时性|table"])
    assert {row["table_name"] for row in late if row["freshness_state"] == "迟到"} == {"crm.needs"}


@pytest.mark.parametrize(("language", "said"), [("zh", "未解决事件 2"), ("en", "Open incidents 2")])
def test_the_state_of_the_data_is_said_in_a_line_with_the_age_of_the_release(
    admin: Api, language: str, said: str
) -> None:
    title = {"zh": "数据质量概况", "en": "State of the data"}[language]
    (row,) = admin.rows(admin.charts(f"data-quality-{language}")[f"{title}|table"])
    words = _words(row["quality_banner"])
    assert said in words
    assert re.search({"zh": r"已发布 \d+ (小时|天)", "en": r"published \d+ (hours|days) ago"}[language], words)


def test_branches_where_few_were_assessed_are_not_in_the_heatmap(admin: Api) -> None:
    """Of 31 persons of the first branch 10 master a module; the second has 29 persons, one too few."""
    rows = admin.rows(admin.charts("training-effectiveness-zh")["掌握度：网点 × 模块|heatmap_v2"], "2026Q2")
    assert {row["branch"] for row in rows} == {"网点 1", "网点 3", "全部"}
    assert {row["mastery_rate"] for row in rows if row["branch"] == "网点 1"} == {10 / 31}


def test_an_effect_that_may_not_be_shown_has_a_reason_instead(admin: Api) -> None:
    name = "Levels 3 and 4: what the confirmation training changed (difference-in-differences)|table"
    rows = admin.rows(admin.charts("training-effectiveness-en")[name])
    assert [(row["effect"], row["interval_95"], row["verdict"]) for row in rows] == [
        ("-0.25", "-0.50 ~ -0.13", "better"),
        ("—", "—", "not shown"),
    ]
    assert rows[1]["reason"] == "Too few persons; nothing is shown."


def test_an_experiment_that_is_invalid_has_no_difference_and_one_that_runs_no_p(admin: Api) -> None:
    rows = admin.rows(admin.charts("improvement-loop-zh")["实验结果，最近的在前|table"])
    read = {row["verdict"]: (row["difference"], row["interval_95"], row["p"], row["detectable"]) for row in rows}
    assert read["向好"] == ("+10.0 个百分点", "+5.0 个百分点 ~ +15.0 个百分点", "< 0.001", "8.0%")
    assert read["作废"] == ("—", "—", "—", "—")
    assert read["进行中"] == ("+10.0 个百分点", "—", "—", "8.0%")
    assert read["未见差异"][3] == "8.0%"


def test_the_module_to_strengthen_first_stands_on_top(admin: Api) -> None:
    (row,) = admin.rows(admin.charts("improvement-loop-zh")["应先加强的模块|table"], "2026Q2")
    assert _words(row["first_module"]) == "先加强：产品知识 占本季超额投诉与退保 40.0% 掌握度 25.0% 交回产品部门"
