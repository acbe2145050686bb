"""The book of policies, whether customers keep paying, and whether they were sold what suits them."""

from __future__ import annotations

from dashboards.report.content.blocks import chart_block, group_tables, sentence_block
from dashboards.report.content.charts import group_chart, trend_chart
from dashboards.report.content.figures import part_of, value_of
from dashboards.report.content.material import Material
from dashboards.report.content.messages import standing
from dashboards.report.content.model import Block, Cell, Chart, Column, Section, Table, Text
from dashboards.report.content.policy_sentences import (
    latest_persistency,
    latest_tested_quarter,
    lowest_cohort_group,
)
from dashboards.report.content.shares import shares
from dashboards.report.content.standing_out import highest
from dashboards.report.content.tables import metric_table, remarks_on

BOOK = (
    "policies_in_force",
    "customers_in_force",
    "cross_sell_rate",
    "referral_rate",
    "surrender_rate",
    "lapse_rate",
    "free_look_rate",
    "ape",
    "renewal_premium",
    "renewal_premium_growth",
)
BOOK_BY_GROUP = (
    "policies_in_force",
    "ape",
    "renewal_premium",
    "surrender_rate",
    "lapse_rate",
    "free_look_rate",
    "cross_sell_rate",
)
LEAVING = ("surrender_rate", "lapse_rate", "free_look_rate")
TEST_MONTHS = (13, 25, 37)
COHORTS = 12  # quarters of issue in the table of persistency
SUITABILITY = (
    "suitability_mismatch_rate",
    "suitability_unassessed",
    "suitability_stale",
    "double_record_coverage",
)


def book(material: Material) -> Section:
    """Policies and customers in force, new and renewal premium, what leaves, cross-selling and referral."""
    t = material.texts.text
    title, lead = t("book.title"), t("book.lead")
    if material.total("policies_in_force") is None:
        return Section("policies", title, lead, (material.empty("empty.policies"),))
    blocks: list[Block] = sentence_block(
        (shares(material, "leaving", LEAVING), highest(material, "surrender_rate", "product_category"))
    )
    charts = [
        trend_chart(material, "premium", t("book.premium"), material.known("ape", "renewal_premium")),
        trend_chart(material, "leaving", t("book.leaving"), material.known(*LEAVING)),
        trend_chart(
            material, "in-force", t("book.in_force"), material.known("policies_in_force", "customers_in_force")
        ),
        trend_chart(material, "cross-sell", t("book.cross_sell"), material.known("cross_sell_rate", "referral_rate")),
        *(
            group_chart(
                material,
                f"policies-{d.metric}",
                t("book.by", metric=d.label, group=material.grouping(group_by)),
                group_by=group_by,
                rows=material.group(group_by, [d.metric]),
                definition=d,
            )
            for metric, group_by in (("ape", "product_category"), ("surrender_rate", "product_category"))
            for d in material.known(metric)
        ),
    ]
    blocks.append(chart_block(charts) or material.empty("empty.policies"))
    caption = t("book.caption", quarter=material.period)
    blocks.append(metric_table(material, "policies-figures", caption, material.known(*BOOK)))
    blocks += group_tables(material, "policies", ("product_category", "sales_channel", "region"), BOOK_BY_GROUP)
    return Section("policies", title, lead, tuple(blocks), message=standing(material, "policies_in_force"))


def persistency(material: Material) -> Section:
    """Whether policies are still paid for after 13, 25 and 37 months, by quarter of issue."""
    t = material.texts.text
    title, lead = t("persistency.title"), t("persistency.lead")
    if not material.known("persistency_13"):
        return Section("persistency", title, lead, (material.empty("empty.policies"),))
    blocks: list[Block] = sentence_block(
        (
            *(latest_persistency(material, months, end=t("sentence.end")) for months in (25, 37)),
            lowest_cohort_group(material),
        )
    )
    charts = [
        trend_chart(
            material,
            f"persistency-by-{by}",
            t(f"persistency.by_{by}"),
            material.known(*(f"persistency_{months}{suffix}" for months in TEST_MONTHS)),
        )
        for by, suffix in (("count", ""), ("premium", "_premium"))
    ]
    charts += [_persistency_by(material, group_by) for group_by in ("product_category", "sales_channel")]
    blocks.append(chart_block(charts) or material.empty("empty.persistency"))
    blocks.append(_cohorts(material))
    return Section("persistency", title, lead, tuple(blocks), message=latest_persistency(material, 13))


def _persistency_by(material: Material, group_by: str) -> Chart | None:
    """Persistency at 13 months by group, of the latest quarter of issue that is mature."""
    tested = latest_tested_quarter(material, "persistency_13")
    if tested is None:
        return None
    definition = material.definitions["persistency_13"]
    title = material.texts.text(
        "persistency.by_group", metric=definition.label, group=material.grouping(group_by), quarter=tested.period
    )
    return group_chart(
        material,
        f"persistency-{group_by}",
        title,
        group_by=group_by,
        rows=material.release.rows([tested.period], group_by, ["persistency_13"]),
        definition=definition,
        period=tested,
    )


def _cohorts(material: Material) -> Table:
    """Quarters of issue downwards, test months across, by count and by premium."""
    t = material.texts.text
    metrics = material.known(*(f"persistency_{m}{by}" for m in TEST_MONTHS for by in ("", "_premium")))
    columns = (
        Column(t("persistency.issued_in"), numeric=False),
        Column(t("persistency.policies"), hint=t("persistency.policies_hint")),
        *(Column(definition.label) for definition in metrics),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            Text(period.period, head=True),
            part_of(material.total("persistency_13", period.period), "n"),
            *(value_of(material.total(d.metric, period.period), d) for d in metrics),
        )
        for period in material.quarter.history[-COHORTS:]
    ]
    notes = remarks_on(material, rows)
    return Table("persistency-cohorts", t("persistency.caption"), columns, tuple(rows), tuple(notes), heat=True)


def suitability(material: Material) -> Section:
    """Risk levels of products against those of customers at issue, and double recording."""
    t = material.texts.text
    title, lead = t("suitability.title"), t("suitability.lead")
    metrics = material.known(*SUITABILITY)
    if not any(material.total(definition.metric) for definition in metrics):
        return Section("suitability", title, lead, (material.empty("empty.policies"),))
    blocks: list[Block] = sentence_block(
        (
            shares(material, "suitability", SUITABILITY),
            highest(material, "suitability_mismatch_rate", "product_category"),
            highest(material, "suitability_mismatch_rate", "sales_channel"),
        )
    )
    charts = [
        trend_chart(material, f"trend-{d.metric}", d.label, [d])
        for d in material.known("suitability_mismatch_rate", "double_record_coverage")
    ]
    charts.append(
        trend_chart(
            material,
            "assessments",
            t("suitability.assessments"),
            material.known("suitability_stale", "suitability_unassessed"),
        )
    )
    charts += [
        group_chart(
            material,
            f"mismatch-{group_by}",
            t("book.by", metric=d.label, group=material.grouping(group_by)),
            group_by=group_by,
            rows=material.group(group_by, [d.metric]),
            definition=d,
        )
        for d in material.known("suitability_mismatch_rate")
        for group_by in ("product_category",)
    ]
    blocks.append(chart_block(charts) or material.empty("empty.policies"))
    caption = t("suitability.caption", quarter=material.period)
    blocks.append(metric_table(material, "suitability-figures", caption, metrics))
    blocks += group_tables(material, "suitability", ("sales_channel", "product_category", "region"), SUITABILITY)
    return Section("suitability", title, lead, tuple(blocks), message=standing(material, "suitability_mismatch_rate"))
