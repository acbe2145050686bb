"""Every chart has rows, and the numbers that it shows are the release's."""

from __future__ import annotations

import duckdb
import pytest

from tests.dashboard_server import Api, DashboardServer
from tests.release_of_known_numbers import IN_PROGRESS, QUARTERS

DASHBOARDS = ("needs-closure-zh", "needs-closure-en")
KEY_FIGURES = (
    "resolution_rate",
    "closed_loop_rate",
    "sla_compliance",
    "time_to_resolution_p50",
    "verified_satisfaction",
    "closing_backlog",
)


@pytest.mark.parametrize("slug", DASHBOARDS)
def test_every_chart_returns_rows(admin: Api, slug: str) -> None:
    charts = admin.client.get(f"/api/v1/dashboard/{slug}/charts").json()["result"]
    assert len(charts) == 36
    for chart in charts:
        answer = admin.client.get(f"/api/v1/chart/{chart['id']}/data/?force=true")
        assert answer.status_code == 200, (chart["slice_name"], answer.text)
        for result in answer.json()["result"]:
            assert result["error"] is None, chart["slice_name"]
            assert result["rowcount"] > 0, chart["slice_name"]


def _published(server: DashboardServer, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str((server.data / "current" / "needloop_marts.duckdb").resolve()), read_only=True) as marts:
        return marts.execute(query).fetchall()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("metric", KEY_FIGURES)
def test_a_key_figure_is_the_published_number(server: DashboardServer, admin: Api, language: str, metric: str) -> None:
    ((label,),) = _published(server, f"select label_{language} from marts.dim_metric where metric = '{metric}'")
    chart = admin.charts(f"needs-closure-{language}")[f"{label}|big_number_total"]
    for quarter in QUARTERS:
        ((value,),) = _published(
            server,
            f"select value from marts.mart_metric_trend where metric = '{metric}' and period = '{quarter}'"
            " and group_by = 'all'",
        )
        assert admin.rows(chart, quarter) == [{str(label): value}]


def test_a_key_figure_worked_out_by_hand(admin: Api) -> None:
    """resolution_rate is the 3rd metric: (3 + 50 + 1) ÷ 201 in the 5th quarter, (3 + 40 + 1) ÷ 201 in the 4th."""
    charts = admin.charts("needs-closure-zh")
    assert admin.rows(charts["需求解决率|big_number_total"], "2026Q3") == [{"需求解决率": 54 / 201}]
    changes = [
        next(iter(admin.rows(chart["id"], "2026Q3")[0].values()))
        for chart in admin.client.get("/api/v1/dashboard/needs-closure-zh/charts").json()["result"]
        if "resolution_rate'" in chart["form_data"].get("metric", {}).get("sqlExpression", "")
        and "change_previous" in chart["form_data"]["metric"]["sqlExpression"]
    ]
    assert changes == [pytest.approx((54 - 44) / 201 * 100, rel=1e-12)]


def test_without_a_quarter_before_there_is_no_change(admin: Api) -> None:
    rows = admin.rows(admin.charts("needs-closure-zh")["关键指标与变化|table"], "2025Q3")
    assert {row["上季"] for row in rows} == {"—"}
    assert {row["较上季"] for row in rows} == {"—"}


def test_key_figures_are_written_with_their_unit_and_verdict(admin: Api) -> None:
    rows = {
        row["Metric"]: row
        for row in admin.rows(admin.charts("needs-closure-en")["Key figures and their change|table"], IN_PROGRESS)
    }
    # The 3rd metric: 54 ÷ 201 against 44 ÷ 201 and, a year before, 14 ÷ 201; more is better.
    assert rows["Resolution rate"] == {
        "Quarter": "2026Q3 (in progress)",
        "Metric": "Resolution rate",
        "Value": "26.9%",
        "Quarter before": "21.9%",
        "Change": "+5.0 pp  better",
        "Change on year": "+19.9 pp  better",
        "n": 31,
        "Remark": "quarter in progress",
    }
    # The 6th metric, in hours: 6 + 50 + 1 + 0.25; less is better.
    assert rows["Time to resolution, median"]["Value"] == "57.2 h"
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


def test_a_group_on_a_small_sample_is_marked(admin: Api) -> None:
    rows = admin.rows(admin.charts("needs-closure-en")["SLA compliance by grade|echarts_timeseries_bar"], "2026Q2")
    assert [row["Group"].endswith(" *") for row in rows].count(True) == 1
    assert len(rows) == 4


def test_trends_show_every_quarter_and_mark_the_one_in_progress(admin: Api) -> None:
    rows = admin.rows(admin.charts("needs-closure-zh")["解决、闭环与时效趋势|echarts_timeseries_line"])
    assert {row["季度"] for row in rows} == {"2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3（进行中）"}
    (last,) = (row for row in rows if row["季度"].startswith("2026Q3"))
    assert last["需求解决率"] == 54 / 201


def test_weak_spots_come_ranked_with_their_cumulative_share(admin: Api) -> None:
    rows = admin.rows(admin.charts("needs-closure-en")["Weak spots in full|table"], "2026Q2")
    assert [row["Rank"] for row in rows] == list(range(1, 21))
    assert rows[0]["Cumulative share"] == pytest.approx(20 / 210)
    assert rows[1]["Cumulative share"] == pytest.approx(39 / 210)
    assert rows[-1]["Cumulative share"] == pytest.approx(1)


def test_the_release_and_its_as_of_stand_on_the_dashboard(admin: Api) -> None:
    (row,) = admin.rows(admin.charts("needs-closure-en")["Quarter and release|table"], IN_PROGRESS)
    assert row["Data as of"] == "2026-09-15"
    assert row["Release"].endswith("-first")
    assert row["State"] == "in progress, data up to 2026-09-15"


def test_the_quarter_filter_offers_the_latest_quarter_first(admin: Api) -> None:
    dashboard = admin.client.get("/api/v1/dashboard/needs-closure-zh").json()["result"]
    assert '"defaultToFirstItem": true' in dashboard["json_metadata"]
    assert '"sortAscending": false' in dashboard["json_metadata"]
