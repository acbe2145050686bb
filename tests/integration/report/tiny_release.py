"""A release built by hand: a few metric values whose changes can be worked out in the head, in the published shape."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import duckdb

MIN_CELL = 30

# the metrics of section 1 of the metric definitions, with unit, direction, additivity
SECTION_1: dict[str, tuple[str, str, str]] = {
    "needs_raised": ("count", "neutral", "additive"),
    "needs_valid_raised": ("count", "neutral", "additive"),
    "resolution_rate": ("rate", "higher", "ratio"),
    "closed_loop_rate": ("rate", "higher", "ratio"),
    "needs_resolved": ("count", "neutral", "additive"),
    "time_to_resolution_p50": ("hours", "lower", "quantile"),
    "time_to_resolution_p90": ("hours", "lower", "quantile"),
    "sla_compliance": ("rate", "higher", "ratio"),
    "recurrence_rate": ("rate", "lower", "ratio"),
    "reopen_rate": ("rate", "lower", "ratio"),
    "verification_rate": ("rate", "higher", "ratio"),
    "verified_satisfaction": ("score", "higher", "mean"),
    "opening_backlog": ("count", "lower", "additive"),
    "closing_backlog": ("count", "lower", "additive"),
    "backlog_age_0_7": ("count", "lower", "additive"),
    "backlog_age_8_15": ("count", "lower", "additive"),
    "backlog_age_16_30": ("count", "lower", "additive"),
    "backlog_age_31_60": ("count", "lower", "additive"),
    "backlog_age_61_plus": ("count", "lower", "additive"),
    "csat_top2": ("rate", "higher", "ratio"),
    "nps": ("points", "higher", "ratio"),
    "ces_mean": ("score", "higher", "mean"),
    "excess_need_hours": ("hours", "lower", "additive"),
    "first_contact_resolution": ("rate", "higher", "ratio"),
    "repeat_contact_rate": ("rate", "lower", "ratio"),
    "channel_switch_rate": ("rate", "lower", "ratio"),
}

# some of section 2, so that the report has complaints and claims
SECTION_2: dict[str, tuple[str, str, str, str]] = {
    "complaints_received": ("count", "lower", "additive", "complaints"),
    "complaints_per_10k_policies": ("per_10k_policies", "lower", "overlapping", "complaints"),
    "complaints_within_15d": ("rate", "higher", "ratio", "complaints"),
    "claim_update_within_72h": ("rate", "higher", "ratio", "claims"),
    "claims_silent": ("count", "lower", "additive", "claims"),
}

# some of sections 3 to 5: policies, customers, the follow-up path, training
SECTIONS_3_TO_5: dict[str, tuple[str, str, str, str]] = {
    "policies_in_force": ("count", "higher", "additive", "policies"),
    "persistency_13": ("rate", "higher", "ratio", "policies"),
    "persistency_25": ("rate", "higher", "ratio", "policies"),
    "persistency_13_premium": ("rate", "higher", "ratio", "policies"),
    "surrender_rate": ("rate", "lower", "ratio", "policies"),
    "ape": ("yuan", "higher", "additive", "policies"),
    "suitability_mismatch_rate": ("rate", "lower", "ratio", "policies"),
    "double_record_coverage": ("rate", "higher", "ratio", "policies"),
    "customers_in_stage": ("count", "neutral", "additive", "customer_lifecycle"),
    "stage_transitions": ("count", "neutral", "additive", "customer_lifecycle"),
    "retention": ("rate", "higher", "ratio", "customer_lifecycle"),
    "coverage_gaps": ("count", "lower", "additive", "customer_lifecycle"),
    "warnings_open": ("count", "lower", "additive", "customer_lifecycle"),
    "warnings_opened": ("count", "lower", "additive", "customer_lifecycle"),
    "reach_first_contact": ("rate", "higher", "ratio", "followup"),
    "reach_confirmed": ("rate", "higher", "ratio", "followup"),
    "reach_proposal": ("rate", "higher", "ratio", "followup"),
    "reach_won": ("rate", "higher", "ratio", "followup"),
    "step_hours_p50": ("hours", "lower", "quantile", "followup"),
    "conversion_rate": ("rate", "higher", "ratio", "followup"),
    "step_on_time": ("rate", "higher", "ratio", "followup"),
    "mastery_rate": ("rate", "higher", "ratio", "training_effectiveness"),
    "learning_gain": ("score", "higher", "mean", "training_effectiveness"),
}
WITHOUT_TOTAL = ("retention", "step_hours_p50")


@dataclass
class TinyRelease:
    """Collects rows, then writes them as a release. Quarters: period -> (starts_on, ends_on, covered_until)."""

    quarters: dict[str, tuple[str, str, str]] = field(
        default_factory=lambda: {
            "2025Q3": ("2025-07-01", "2025-09-30", "2025-09-30"),
            "2026Q2": ("2026-04-01", "2026-06-30", "2026-06-30"),
            "2026Q3": ("2026-07-01", "2026-09-30", "2026-09-30"),
        }
    )
    values: list[tuple[object, ...]] = field(default_factory=list)
    labels: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    metric_labels: dict[str, tuple[str, str]] = field(default_factory=dict)
    weak_spots: list[tuple[object, ...]] = field(default_factory=list)
    checks: list[tuple[object, ...]] = field(default_factory=list)
    loads: list[tuple[object, ...]] = field(default_factory=list)
    flows: list[tuple[object, ...]] = field(default_factory=list)
    board: list[tuple[object, ...]] = field(default_factory=list)
    board_counts: list[tuple[object, ...]] = field(default_factory=list)
    raci: list[tuple[object, ...]] = field(default_factory=list)
    open_complaints: list[tuple[object, ...]] = field(default_factory=list)
    gaps: list[tuple[object, ...]] = field(default_factory=list)
    reminders: list[tuple[object, ...]] = field(default_factory=list)
    effects: list[tuple[object, ...]] = field(default_factory=list)
    effect_months: list[tuple[object, ...]] = field(default_factory=list)
    before_after: list[tuple[object, ...]] = field(default_factory=list)
    experiments: list[tuple[object, ...]] = field(default_factory=list)
    weaknesses: list[tuple[object, ...]] = field(default_factory=list)
    closed: list[tuple[object, ...]] = field(default_factory=list)
    restated: list[tuple[object, ...]] = field(default_factory=list)
    causes: list[tuple[object, ...]] = field(default_factory=list)

    def count(self, metric: str, period: str, value: float, *, group_by: str = "all", group: str = "all") -> None:
        """A count: numerator and value are the same, there is no denominator."""
        self.values.append((metric, period, group_by, group, value, None, value, int(value)))

    def ratio(
        self, metric: str, period: str, over: float | None, under: float, *, group_by: str = "all", group: str = "all"
    ) -> None:
        """A rate or mean: numerator over denominator, null over an empty one."""
        value = None if not under or over is None else over / under
        self.values.append((metric, period, group_by, group, over, under, value, int(under)))

    def quantile(
        self, metric: str, period: str, value: float, n: int, *, group_by: str = "all", group: str = "all"
    ) -> None:
        """A quantile: no numerator."""
        self.values.append((metric, period, group_by, group, None, n, value, n))

    def weak_spot(
        self, period: str, rank: int, names: tuple[str, str, str], hours: float, of: float, so_far: float
    ) -> None:
        """A weak spot with its share of all hours and the cumulative one."""
        labels = [name for key in names for name in (f"{key}-zh", f"{key}-en")]
        self.weak_spots.append((period, False, rank, *names, *labels, hours, 4, hours / of, so_far / of))

    def density(self, metric: str, period: str, over: float, under: float) -> None:
        """So many per ten thousand: the factor is in the value only."""
        self.values.append((metric, period, "all", "all", over, under, over / under * 10_000, int(under)))

    def flow(self, period: str, *steps: int, group_by: str = "all", group: str = "all") -> None:
        """Opening, raised, reopened, resolved, rejected, closing."""
        self.flows.append((period, self.in_progress(period), group_by, group, f"{group}组", f"{group} group", *steps))

    def open_need(self, rank: int, need_id: str, department: str, hours_to_due: float) -> None:
        """A need on the tracking board."""
        names = [n for key in ("claims_service", "P1", department) for n in (key, f"{key}-zh", f"{key}-en")]
        event = ("started", "开始", "Started")
        due = "2026-09-01 10:30:00"
        self.board.append((rank, need_id, *names, "甲、乙", "A, B", due, hours_to_due < 0, hours_to_due, *event, 12.5))

    def in_progress(self, period: str) -> bool:
        """Whether the quarter is covered to its end; months are taken to be."""
        if period not in self.quarters:
            return False
        _, ends_on, covered_until = self.quarters[period]
        return covered_until < ends_on

    def write(self, folder: Path) -> Path:
        """Writes the release under `folder` and returns the file."""
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "needloop_marts.duckdb"
        connection = duckdb.connect(str(file))
        try:
            connection.execute("create schema marts")
            connection.execute("use marts")
            self._write_dimensions(connection)
            self._write_values(connection)
            self._write_rest(connection)
        finally:
            connection.close()
        return file

    def _write_dimensions(self, connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute(
            """create table dim_metric(metric varchar, section varchar, label_zh varchar, label_en varchar,
            description_zh varchar, description_en varchar, numerator_zh varchar, numerator_en varchar,
            denominator_zh varchar, denominator_en varchar, unit varchar, direction varchar, additivity varchar,
            factor double, owner varchar, display_order integer, has_total boolean)"""
        )
        metrics = {m: (*said, "needs_closure") for m, said in SECTION_1.items()} | SECTION_2 | SECTIONS_3_TO_5
        for order, (metric, (unit, direction, additivity, section)) in enumerate(metrics.items()):
            zh, en = self.metric_labels.get(metric, (f"指标 {metric}", f"Metric {metric}"))
            words = [zh, en, f"{metric} 的定义", f"What {metric} is", "上", "over", "下", "under"]
            total = metric not in WITHOUT_TOTAL
            row = [metric, section, *words, unit, direction, additivity, 1.0, "operations", order, total]
            connection.execute(f"insert into dim_metric values ({','.join('?' * len(row))})", row)
        connection.execute(
            """create table dim_period(period varchar, period_type varchar, starts_on date, ends_on date,
            covered_until date, in_progress boolean, previous_period varchar, year_before_period varchar,
            period_order integer)"""
        )
        before = {"2026Q3": ("2026Q2", "2025Q3"), "2026Q4": ("2026Q3", "2025Q4")}
        for order, (period, days) in enumerate(self.quarters.items()):
            previous, year_before = (p if p in self.quarters else None for p in before.get(period, (None, None)))
            row = [period, "quarter", *days, self.in_progress(period), previous, year_before, order]
            connection.execute("insert into dim_period values (?,?,?,?,?,?,?,?,?)", row)
        connection.execute(
            """create table dim_group_value(group_by varchar, group_value varchar, label_zh varchar, label_en varchar,
            sort_order integer)"""
        )
        groups = dict.fromkeys((str(row[2]), str(row[3])) for row in self.values)
        for order, (group_by, group) in enumerate(groups):
            zh, en = self.labels.get((group_by, group), (f"{group}组", f"{group} group"))
            connection.execute("insert into dim_group_value values (?,?,?,?,?)", [group_by, group, zh, en, order])

    def _write_values(self, connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute(
            """create table metric_values(metric varchar, period_type varchar, period varchar, group_by varchar,
            group_value varchar, numerator double, denominator double, value double, n bigint, in_progress boolean)"""
        )
        for metric, period, *rest in self.values:
            period_type = "quarter" if period in self.quarters else "month"
            row = [metric, period_type, period, *rest, self.in_progress(str(period))]
            connection.execute("insert into metric_values values (?,?,?,?,?,?,?,?,?,?)", row)
        connection.execute(
            f"""create table mart_metric_trend as
            select v.*, m.section, m.label_zh metric_label_zh, m.label_en metric_label_en, m.unit, m.direction,
                m.additivity, m.factor, m.display_order, g.label_zh group_label_zh, g.label_en group_label_en,
                g.sort_order group_sort_order, p.value previous_value, y.value year_before_value,
                v.value - p.value change_previous, v.value - y.value change_year_before, v.n < {MIN_CELL} is_small
            from metric_values v
            join dim_metric m using (metric)
            join dim_group_value g using (group_by, group_value)
            left join dim_period d on d.period = v.period
            left join metric_values p on (p.metric, p.group_by, p.group_value, p.period)
                = (v.metric, v.group_by, v.group_value, d.previous_period)
            left join metric_values y on (y.metric, y.group_by, y.group_value, y.period)
                = (v.metric, v.group_by, v.group_value, d.year_before_period)"""
        )

    def _write_rest(self, connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute(
            """create table mart_weak_spots(period varchar, in_progress boolean, rank integer, category varchar,
            owner_department varchar, product_category varchar, category_label_zh varchar, category_label_en varchar,
            owner_department_label_zh varchar, owner_department_label_en varchar, product_category_label_zh varchar,
            product_category_label_en varchar, excess_need_hours double, needs bigint, share double,
            cumulative_share double)"""
        )
        connection.execute(
            """create table mart_quality_checks(table_name varchar, system varchar, check_name varchar,
            severity varchar, owner varchar, passed boolean, failed_rows bigint, checked_rows bigint,
            label_zh varchar, label_en varchar, message_zh varchar, message_en varchar, remedy_zh varchar,
            remedy_en varchar, checked_at timestamp)"""
        )
        connection.execute(
            """create table mart_source_loads(table_name varchar, system varchar, files_taken bigint,
            files_refused bigint, rows_in_files bigint, loaded bigint, ignored bigint, rejected bigint,
            last_loaded_at timestamp, latest_data_on date)"""
        )
        connection.execute(
            """create table release_info as select '20261003T010203Z' release_id, date '2026-09-30' as_of,
            timestamp '2026-10-03 01:02:03' created_at, 'run-7' run_id, '0.1.0' product_version, 1 contract_version"""
        )
        connection.execute(
            """create table mart_backlog_flow(period varchar, in_progress boolean, group_by varchar,
            group_value varchar, group_label_zh varchar, group_label_en varchar, opening_backlog bigint, raised bigint,
            reopened bigint, resolved bigint, rejected bigint, closing_backlog bigint)"""
        )
        connection.execute(
            """create table mart_need_board(board_rank integer, need_id varchar, category varchar,
            category_label_zh varchar, category_label_en varchar, grade varchar, grade_label_zh varchar,
            grade_label_en varchar, accountable_department varchar, accountable_department_label_zh varchar,
            accountable_department_label_en varchar, responsible_departments_label_zh varchar,
            responsible_departments_label_en varchar, due_at timestamp, is_overdue boolean, hours_to_due double,
            last_event varchar, last_event_label_zh varchar, last_event_label_en varchar,
            days_since_last_event double)"""
        )
        connection.execute(
            """create table mart_need_board_counts(department_role varchar, department varchar,
            department_label_zh varchar, department_label_en varchar, grade varchar, open_needs bigint, overdue bigint,
            due_soon bigint, overdue_hours double, most_overdue_hours double, due_soon_hours integer)"""
        )
        connection.execute(
            """create table mart_raci(category varchar, category_label_zh varchar, category_label_en varchar,
            category_sort_order integer, department varchar, department_label_zh varchar, department_label_en varchar,
            department_sort_order integer, raci_roles varchar)"""
        )
        connection.execute(
            """create table mart_open_complaint_counts(limit_passed varchar, limit_passed_label_zh varchar,
            limit_passed_label_en varchar, limit_order integer, complaints bigint, regulator_referred bigint,
            oldest_days double)"""
        )
        connection.execute(
            """create table mart_closed_quarters(quarter varchar, closed_at timestamp, release_id varchar,
            numbers bigint, restated_numbers bigint, restated_metrics bigint)"""
        )
        connection.execute(
            """create table mart_restatements(quarter varchar, metric varchar, period varchar, group_by varchar,
            group_value varchar, old_value double, new_value double, cause_zh varchar, cause_en varchar)"""
        )
        connection.execute(
            """create table mart_restatement_causes(quarter varchar, cause_number integer, kind_label_zh varchar,
            kind_label_en varchar, kind varchar, cause_name varchar, row_key varchar, file varchar, line bigint,
            loaded_at timestamp, changed_columns varchar)"""
        )
        connection.execute(
            """create table mart_open_gap_counts(rule varchar, rule_label_zh varchar, rule_label_en varchar,
            rule_order integer, gaps bigint, actionable bigint)"""
        )
        connection.execute(
            """create table mart_followup_reminder_counts(step varchar, step_label_zh varchar, step_label_en varchar,
            step_order integer, overdue bigint, due_soon bigint, most_overdue_hours double)"""
        )
        connection.execute(
            """create table mart_training_effects(outcome varchar, outcome_zh varchar, outcome_en varchar, unit varchar,
            display_order integer, persons_treated bigint, persons_control bigint, reason_zh varchar,
            reason_en varchar, estimate double, ci_low double, ci_high double, p double, verdict varchar)"""
        )
        connection.execute(
            """create table mart_training_effect_months(outcome varchar, event_month integer, estimate double,
            band_low double, band_high double)"""
        )
        connection.execute(
            """create table mart_before_after(outcome varchar, outcome_zh varchar, outcome_en varchar, unit varchar,
            window_months integer, persons bigint, before_mean double, after_mean double, difference double,
            ci_low double, ci_high double, is_small boolean)"""
        )
        connection.execute(
            """create table mart_experiment_results(experiment_id varchar, experiment_name varchar,
            primary_metric varchar, started_on date, n_control bigint, n_treatment bigint, value_control double,
            value_treatment double, difference double, ci_low double, ci_high double, p double, verdict varchar)"""
        )
        connection.execute(
            """create table mart_improvement_loop(period varchar, product_category varchar, signal_type varchar,
            category varchar, occurrences bigint, rate double, rate_before double, excess double,
            share_of_excess double, module varchar, module_share double, module_rank integer,
            persons_trained_since bigint, rate_in_next_quarter double, module_mastery_rate double,
            is_handed_back_to_product boolean)"""
        )
        tables = (
            ("mart_training_effects", self.effects),
            ("mart_training_effect_months", self.effect_months),
            ("mart_before_after", self.before_after),
            ("mart_experiment_results", self.experiments),
            ("mart_improvement_loop", self.weaknesses),
            ("mart_open_gap_counts", self.gaps),
            ("mart_followup_reminder_counts", self.reminders),
            ("mart_backlog_flow", self.flows),
            ("mart_need_board", self.board),
            ("mart_need_board_counts", self.board_counts),
            ("mart_raci", self.raci),
            ("mart_open_complaint_counts", self.open_complaints),
            ("mart_closed_quarters", self.closed),
            ("mart_restatements", self.restated),
            ("mart_restatement_causes", self.causes),
            ("mart_weak_spots", self.weak_spots),
            ("mart_quality_checks", self.checks),
            ("mart_source_loads", self.loads),
        )
        for table, rows in tables:
            for row in rows:
                connection.execute(f"insert into {table} values ({','.join('?' * len(row))})", list(row))


def worked_example() -> TinyRelease:
    """Three quarters whose changes are worked out in the tests."""
    tiny = TinyRelease()
    tiny.count("needs_raised", "2026Q3", 1250)
    tiny.count("needs_raised", "2026Q2", 1000)
    tiny.count("needs_raised", "2025Q3", 800)
    tiny.count("needs_valid_raised", "2026Q3", 1200)
    tiny.count("needs_valid_raised", "2026Q2", 960)
    tiny.ratio("resolution_rate", "2026Q3", 960, 1200)  # 80.0 %
    tiny.ratio("resolution_rate", "2026Q2", 720, 960)  # 75.0 %: +5.0
    tiny.ratio("resolution_rate", "2025Q3", 656, 800)  # 82.0 %: -2.0
    tiny.ratio("closed_loop_rate", "2026Q3", 600, 1200)  # 50.0 %
    tiny.ratio("closed_loop_rate", "2026Q2", 384, 960)  # 40.0 %: +10.0
    tiny.ratio("sla_compliance", "2026Q3", 700, 1000)  # 70.0 %
    tiny.ratio("sla_compliance", "2026Q2", 640, 800)  # 80.0 %: -10.0
    tiny.ratio("recurrence_rate", "2026Q3", 180, 1200)  # 15.0 %
    tiny.ratio("recurrence_rate", "2026Q2", 96, 960)  # 10.0 %: +5.0, worse
    tiny.ratio("reopen_rate", "2026Q3", 3, 20)  # too few cases: 15 % against 5 % must not be a finding
    tiny.ratio("reopen_rate", "2026Q2", 2, 40)
    tiny.ratio("verification_rate", "2026Q3", 0, 0)  # null over an empty denominator
    tiny.quantile("time_to_resolution_p50", "2026Q3", 60.0, 900)  # from 80: a quarter less
    tiny.quantile("time_to_resolution_p50", "2026Q2", 80.0, 800)
    tiny.quantile("time_to_resolution_p90", "2026Q3", 330.0, 900)  # from 300: a tenth more
    tiny.quantile("time_to_resolution_p90", "2026Q2", 300.0, 800)
    tiny.ratio("verified_satisfaction", "2026Q3", 1640, 400)  # 4.10
    tiny.ratio("verified_satisfaction", "2026Q2", 1600, 400)  # 4.00: +0.10, 2.5 %
    tiny.count("opening_backlog", "2026Q3", 240)
    tiny.count("closing_backlog", "2026Q3", 300)
    tiny.count("closing_backlog", "2026Q2", 240)  # a quarter more
    tiny.count("backlog_age_61_plus", "2026Q3", 90)
    for grade, met, due in (("P1", 20, 40), ("P2", 90, 100), ("P3", 1, 10)):  # P3 has too few cases
        tiny.ratio("sla_compliance", "2026Q3", met, due, group_by="grade", group=grade)
    for branch, closed, valid in (("B1", 30, 60), ("B2", 45, 50), ("B3", 9, 10)):  # B3 has too few cases
        tiny.ratio("closed_loop_rate", "2026Q3", closed, valid, group_by="branch", group=branch)
        tiny.count("needs_raised", "2026Q3", valid, group_by="branch", group=branch)
    tiny.flow("2026Q2", 220, 990, 10, 940, 40, 240)
    tiny.flow("2026Q3", 240, 1250, 20, 1160, 50, 300)
    tiny.flow("2026Q3", 100, 500, 5, 480, 25, 100, group_by="owner_department", group="claims")
    tiny.open_need(1, "N1", "claims", -100.25)
    tiny.open_need(2, "N2", "sales", -50.0)
    tiny.open_need(3, "N3", "claims", 70.0)
    tiny.open_need(4, "N4", "claims", 100.0)
    tiny.raci.append(("pricing", "定价", "Pricing", 1, "sales", "销售部", "Sales", 1, "A/R"))
    tiny.board_counts += [
        ("all", "all", "全部", "All", "all", 4, 2, 1, 150.25, 100.25, 72),
        ("accountable", "claims", "claims-zh", "claims-en", "all", 2, 1, 1, 100.25, 100.25, 72),
        ("accountable", "sales", "sales-zh", "sales-en", "all", 2, 1, 0, 50.0, 50.0, 72),
        ("owner", "claims", "claims-zh", "claims-en", "P1", 9, 9, 9, 9.0, 9.0, 72),
    ]
    tiny.open_complaints += [
        ("60", "过 60 日", "past 60 days", 4, 2, 1, 71.5),
        ("30", "过 30 日", "past 30 days", 3, 0, 0, None),
        ("none", "未过", "none", 1, 1, 0, 3.25),
        ("any", "已超期", "past a limit", 5, 2, 1, 71.5),
        ("all", "全部", "all", 6, 3, 1, 71.5),
    ]
    tiny.count("complaints_received", "2026Q3", 40)
    tiny.count("complaints_received", "2026Q2", 50)
    tiny.count("complaints_received", "2026Q3", 30, group_by="category", group="fees")
    tiny.count("complaints_received", "2026Q3", 10, group_by="category", group="delay")
    tiny.density("complaints_per_10k_policies", "2026Q3", 40, 8000)  # 50
    tiny.density("complaints_per_10k_policies", "2026Q2", 50, 8000)  # 62.5
    tiny.ratio("complaints_within_15d", "2026Q3", 36, 48)
    tiny.ratio("claim_update_within_72h", "2026Q3", 45, 60)
    tiny.count("claims_silent", "2026Q3", 7)
    tiny.weak_spot("2026Q3", 1, ("claims_service", "claims", "medical"), 400, 1000, 400)
    tiny.weak_spot("2026Q3", 2, ("pricing", "product", "annuity"), 350, 1000, 750)
    tiny.weak_spot("2026Q3", 3, ("suitability", "sales", "universal"), 250, 1000, 1000)
    _add_policies(tiny)
    _add_customers(tiny)
    _add_opportunities(tiny)
    _add_training(tiny)
    return tiny


def _add_policies(tiny: TinyRelease) -> None:
    """Policies of one quarter, and quarters of issue of which only the first is mature."""
    tiny.count("policies_in_force", "2026Q3", 2000)
    tiny.count("ape", "2026Q3", 1_234_567.5)
    tiny.ratio("surrender_rate", "2026Q3", 20, 2000)
    tiny.ratio("double_record_coverage", "2026Q3", 171, 180)
    for metric, kept in (("persistency_13", 90), ("persistency_13_premium", 96)):
        tiny.ratio(metric, "2025Q3", kept, 120)  # 75 and 80 %
        for period, policies in (("2026Q2", 150), ("2026Q3", 180)):
            tiny.ratio(metric, period, None, policies)
    for period in tiny.quarters:
        tiny.ratio("persistency_25", period, None, 100)
    for category, kept, policies in (("annuity", 48, 60), ("medical", 30, 50), ("few", 1, 10)):
        tiny.ratio("persistency_13", "2025Q3", kept, policies, group_by="product_category", group=category)
    tiny.ratio("suitability_mismatch_rate", "2026Q3", 30, 200)
    for category, above, policies in (("unit_linked", 20, 40), ("annuity", 1, 50), ("few", 9, 9)):
        tiny.ratio("suitability_mismatch_rate", "2026Q3", above, policies, group_by="product_category", group=category)


def _add_customers(tiny: TinyRelease) -> None:
    """A thousand customers, their moves in the last month, two quarters of first cover, gaps and warnings."""
    tiny.count("customers_in_stage", "2026Q3", 1000)
    for stage, customers in (("lapsed", 100), ("at_risk", 60), ("new", 300), ("mature", 540)):
        tiny.count("customers_in_stage", "2026Q3", customers, group_by="stage", group=stage)
    moves = (("mature>mature", 400), ("mature>at_risk", 12), ("new>mature", 7), ("at_risk>lapsed", 3))
    for move, customers in (*moves, ("at_risk>mature", 2)):
        tiny.count("stage_transitions", "2026-09", customers, group_by="transition", group=move)
    for cohort, period, retained in (
        ("2025Q3", "2025Q3", 100),
        ("2025Q3", "2026Q2", 85),
        ("2025Q3", "2026Q3", 80),
        ("2026Q2", "2026Q2", 99),
        ("2026Q2", "2026Q3", 95),
    ):
        tiny.ratio("retention", period, retained, 100, group_by="cohort", group=cohort)
    tiny.count("coverage_gaps", "2026Q3", 500)
    tiny.count("coverage_gaps", "2026Q3", 500, group_by="rule", group="health")
    tiny.count("warnings_open", "2026Q3", 40)
    tiny.count("warnings_opened", "2026Q3", 25)
    tiny.gaps += [
        ("health", "health组", "health group", 2, 2, 1),
        ("wealth", "wealth", "wealth", 6, 1, 0),
        ("all", "全部", "All", 0, 3, 1),
    ]


def _add_opportunities(tiny: TinyRelease) -> None:
    """Two hundred opportunities on the follow-up path."""
    for step, reached in (("first_contact", 180), ("confirmed", 150), ("proposal", 90), ("won", 50)):
        tiny.ratio(f"reach_{step}", "2026Q3", reached, 200)
        tiny.quantile("step_hours_p50", "2026Q3", 12.5, reached, group_by="step", group=step)
    tiny.ratio("conversion_rate", "2026Q3", 50, 160)
    tiny.ratio("step_on_time", "2026Q3", 240, 400)
    for step, on_time, limits in (("first_contact", 180, 200), ("confirmed", 60, 190), ("callback", 0, 10)):
        tiny.ratio("step_on_time", "2026Q3", on_time, limits, group_by="step", group=step)
    for branch, won, closed in (("B1", 20, 50), ("B2", 30, 60), ("B3", 9, 10)):  # B3 has too few cases
        tiny.ratio("conversion_rate", "2026Q3", won, closed, group_by="branch", group=branch)
    tiny.reminders += [
        ("proposal", "proposal组", "proposal group", 3, 2, 1, 30.5),
        ("all", "全部", "All", 0, 2, 1, 30.5),
    ]


def _add_training(tiny: TinyRelease) -> None:
    """Modules, one of which few were assessed in; effects better, not to be told from chance, and not to be shown."""
    tiny.ratio("mastery_rate", "2026Q3", 240, 300)
    for module, mastered, assessed in (("compliance", 90, 100), ("digital", 5, 9)):
        tiny.ratio("mastery_rate", "2026Q3", mastered, assessed, group_by="module", group=module)
    few = ("人数过少，不显示。", "Too few were trained; nothing is shown.")
    named = [(one, f"结果 {one}", f"Outcome {one}") for one in ("complaints", "csat", "persistency")]
    tiny.effects += [
        (*named[0], "count", 1, 60, 30, "", "", -0.25, -0.4, -0.1, 0.0012, "better"),
        (*named[1], "score", 2, 55, 30, "", "", 0.05, -0.1, 0.2, 0.51, "no_difference_shown"),
        (*named[2], "rate", 3, 12, 30, *few, None, None, None, None, "not_shown"),
    ]
    for month, effect in ((-2, 0.02), (-1, 0.0), (0, -0.2), (1, -0.3)):
        tiny.effect_months.append(("complaints", month, effect, effect - 0.1, effect + 0.1))
    tiny.before_after += [
        (*named[0], "count", 3, 40, 1.0, 0.8, -0.2, -0.3, -0.1, False),
        (*named[0], "count", 6, 9, 1.0, 0.5, -0.5, -0.9, -0.1, True),
    ]
    tiny.experiments += [
        ("E1", "回访提前", "resolution_rate", "2026-03-01", 400, 410, 0.6, 0.7, 0.1, 0.03, 0.17, 0.004, "better"),
        ("E2", "新话术", "csat", "2026-08-01", 50, 52, 3.9, 4.0, 0.1, None, None, None, "running"),
    ]
    # twelve complaints more than before about annuities, four surrenders of medical policies, three needs
    after = (0, None)
    tiny.weaknesses += [
        ("2026Q3", "medical", "surrender", "all", 9, 0.09, 0.05, 4.0, 0.25, "digital", 0.25, 2, *after, 0.9, False),
        ("2026Q3", "annuity", "complaint", "fees", 20, 0.2, 0.08, 12.0, 0.75, "compliance", 0.75, 1, *after, 0.5, True),
        ("2026Q3", "annuity", "need", "pricing", 30, 0.3, 0.27, 3.0, 0.0, None, None, None, *after, None, False),
        ("2026Q2", "annuity", "complaint", "delay", 9, 0.2, 0.1, 4.5, 1.0, "compliance", 1.0, 1, *after, 0.5, True),
    ]
