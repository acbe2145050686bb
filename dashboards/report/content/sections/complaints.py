"""Complaints by the regulator's densities and limits, and how openly claims are handled."""

from __future__ import annotations

from dashboards.report.content.blocks import chart_block, group_tables, sentence_block
from dashboards.report.content.charts import group_chart, trend_chart
from dashboards.report.content.complaint_sentences import LIMITS, claims_told, kept_limits, most_complained
from dashboards.report.content.material import ALL, Material
from dashboards.report.content.messages import standing
from dashboards.report.content.model import (
    Block,
    Cell,
    Column,
    Note,
    Number,
    NumberFormat,
    Section,
    Table,
    Text,
)
from dashboards.report.content.tables import metric_table

COUNTED_BY_CUSTOMER_AND_POLICY = ("complaints_per_10k_policies", "complaints_per_10k_customers")
GROUP_METRICS = (
    "complaints_received",
    "complaints_per_10k_policies",
    "complaints_per_100m_premium",
    "complaints_per_10k_customers",
    "upheld_rate",
    "complaints_within_15d",
    "regulator_share",
)
CLAIM_METRICS = (
    "claim_update_within_72h",
    "claim_first_update_p50",
    "claim_decision_p50",
    "claim_decision_p90",
    "claims_silent",
)


def complaints(material: Material) -> Section:
    """Received, three densities, the limits of 15, 30 and 60 days, upheld, from the regulator; by group."""
    t = material.texts.text
    title, lead = t("complaints.title"), t("complaints.lead")
    metrics = material.of_section("complaints")
    if not any(material.total(m.metric) for m in metrics):
        return Section("complaints", title, lead, (material.empty("empty.complaints"),))
    found = (kept_limits(material), most_complained(material, "category"), most_complained(material, "channel"))
    blocks: list[Block] = sentence_block(found)
    received = material.known("complaints_received")
    charts = [
        trend_chart(
            material, "complaints-density", t("complaints.density"), material.known(*COUNTED_BY_CUSTOMER_AND_POLICY)
        ),
        trend_chart(material, "complaints-limits", t("complaints.limits"), material.known(*LIMITS)),
        *(
            trend_chart(material, f"trend-{d.metric}", d.label, [d])
            for d in material.known(
                "complaints_received", "complaints_per_100m_premium", "upheld_rate", "regulator_share"
            )
        ),
        *(
            group_chart(
                material,
                f"complaints-by-{group_by}",
                t("complaints.by", metric=d.label, group=material.grouping(group_by)),
                group_by=group_by,
                rows=material.group(group_by, [d.metric]),
                definition=d,
            )
            for d in received
            for group_by in ("category", "product_category")
        ),
    ]
    blocks.append(chart_block(charts) or material.empty("empty.complaints"))
    blocks.append(
        metric_table(material, "complaints-figures", t("complaints.caption", quarter=material.period), metrics)
    )
    blocks += group_tables(material, "complaints", ("product_category", "category", "channel", "region"), GROUP_METRICS)
    blocks.append(_open(material))
    message = standing(material, "complaints_per_10k_policies", "complaints_received")
    return Section("complaints", title, lead, tuple(blocks), message=message)


def _open(material: Material) -> Table | Note:
    """Open complaints at as_of by the limit that they have passed."""
    t = material.texts.text
    as_of = material.as_of.isoformat()
    found = material.release.open_complaints()
    if not found:
        return Note(t("empty.open_complaints", as_of=as_of), "empty")
    columns = (
        Column(t("complaints.limit_passed"), numeric=False),
        Column(t("complaints.open")),
        Column(t("complaints.referred")),
        Column(t("complaints.oldest")),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            Text(one.label if one.limit_passed != ALL else t("board.all"), head=True),
            Number(one.complaints, NumberFormat.COUNT, one.id, "complaints"),
            Number(one.regulator_referred, NumberFormat.COUNT, one.id, "regulator_referred"),
            Number(one.oldest_days, NumberFormat.QUANTITY, one.id, "oldest_days"),
        )
        for one in found
    ]
    return Table("open-complaints", t("complaints.open_caption", as_of=as_of), columns, tuple(rows))


def claims(material: Material) -> Section:
    """How soon claimants hear, how soon is decided, and where nothing was said for a week."""
    t = material.texts.text
    title, lead = t("claims.title"), t("claims.lead")
    metrics = material.of_section("claims")
    if not any(material.total(m.metric) for m in metrics):
        return Section("claims", title, lead, (material.empty("empty.claims"),))
    blocks: list[Block] = sentence_block((claims_told(material),))
    decisions = material.known("claim_decision_p50", "claim_decision_p90")
    charts = [
        *(trend_chart(material, f"trend-{d.metric}", d.label, [d]) for d in material.known("claim_update_within_72h")),
        trend_chart(material, "claim-decisions", t("claims.decisions"), decisions),
        *(
            trend_chart(material, f"trend-{d.metric}", d.label, [d])
            for d in material.known("claim_first_update_p50", "claims_silent")
        ),
    ]
    blocks.append(chart_block(charts) or material.empty("empty.claims"))
    blocks.append(metric_table(material, "claims-figures", t("claims.caption", quarter=material.period), metrics))
    blocks += group_tables(material, "claims", ("product_category", "region"), CLAIM_METRICS)
    message = standing(material, "claim_update_within_72h", "claim_first_update_p50")
    return Section("claims", title, lead, tuple(blocks), message=message)
