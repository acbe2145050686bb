"""The builders that declared sections name: conditions, sentences, charts and blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dashboards.report.content import (
    blocks,
    changes,
    charts,
    cohorts,
    evidence,
    lifecycle_sentences,
    messages,
    policy_sentences,
    quality_sentences,
    records,
    shares,
    standing_out,
    steps,
    training,
    weak_spots,
)
from dashboards.report.content.declared import Part, part
from dashboards.report.content.material import Material
from dashboards.report.content.model import Block, Chart, ChartGroup, Sentence, Sentences

CONDITIONS: Mapping[str, Callable[..., bool]] = {
    "known": lambda material, *metrics: bool(material.known(*metrics)),
    "totals": lambda material, *metrics, domain="": any(
        material.total(one) for one in metrics or [d.metric for d in material.of_section(domain)]
    ),
    "counted": lambda material, metric: bool((row := material.total(metric)) and row.value),
    "groups": lambda material, by, *metrics: bool(material.group(by, metrics or None)),
    "rows": lambda material, name: bool(material.rows(name)),
}

SENTENCES: Mapping[str, Callable[..., Sentence | list[Sentence] | None]] = {
    "backlog": changes.backlog,
    "balance": messages.balance,
    "changed_most": changes.changed_most,
    "checks": quality_sentences.checks,
    "closed_quarters": quality_sentences.closed_quarters,
    "department_moves": changes.department_moves,
    "effects_shown": training.effects_shown,
    "facts": shares.facts,
    "handed_back": training.handed_back,
    "highest": standing_out.highest,
    "largest_loss": steps.largest_loss,
    "largest_moves": lifecycle_sentences.largest_moves,
    "latest_persistency": policy_sentences.latest_persistency,
    "loads": quality_sentences.loads,
    "longest_seen_cohort": lifecycle_sentences.longest_seen_cohort,
    "lowest": standing_out.lowest,
    "lowest_cohort_group": policy_sentences.lowest_cohort_group,
    "module_to_strengthen": training.module_to_strengthen,
    "most_complained": standing_out.most_complained,
    "open_and_overdue": messages.open_and_overdue,
    "retained_after_a_year": lifecycle_sentences.retained_after_a_year,
    "shares": shares.shares,
    "small_numbers": changes.small_numbers,
    "stages": lifecycle_sentences.stages_message,
    "standing": messages.standing,
    "verdicts": training.verdicts,
    "weak_spot_message": weak_spots.weak_spot_message,
    "weakest_grade": standing_out.weakest_grade,
    "where": changes.where,
    "worst_weak_spot": weak_spots.worst_weak_spot,
}

CHARTS: Mapping[str, Callable[..., Chart | list[Chart] | None]] = {
    "bars": records.record_bars,
    "effect_courses": training.effect_courses,
    "funnel": steps.funnel,
    "group_trend": charts.group_trend,
    "groups": charts.groups,
    "pareto": weak_spots.pareto,
    "path": steps.path,
    "persistency_by": cohorts.persistency_by,
    "retained_after": cohorts.retained_after,
    "trend": charts.trend,
    "trends": charts.trends,
}


def holds(material: Material, need: Part) -> bool:
    """Whether a condition holds."""
    return CONDITIONS[need.name](material, *need.arguments, **need.options)


def sentences(material: Material, declared: Part) -> list[Sentence]:
    """What a sentence builder has to say."""
    return _some(SENTENCES[declared.name](material, *declared.arguments, **declared.options))


def block(material: Material, section: str, declared: Part) -> list[Block]:
    """The blocks that a builder makes, or the text in their place."""
    built = BLOCKS[declared.name](material, section, *declared.arguments, **declared.options)
    return built or ([blocks.note(material, declared.otherwise)] if declared.otherwise else [])


def _some(built: Any) -> list[Any]:
    if built is None:
        return []
    return built if isinstance(built, list) else [built]


def _charts(material: Material, declared: Part) -> list[Chart]:
    return _some(CHARTS[declared.name](material, *declared.arguments, **declared.options))


def _sentence_block(material: Material, _: str, *declared: Any) -> list[Block]:
    said = tuple(sentence for one in declared for sentence in sentences(material, part(one)))
    return [Sentences(said)] if said else []


def _chart_group(material: Material, _: str, *declared: Any) -> list[Block]:
    drawn = tuple(chart for one in declared for chart in _charts(material, part(one)))
    return [ChartGroup(drawn)] if drawn else []


def _single_chart(material: Material, _: str, **declared: Any) -> list[Block]:
    return [*_charts(material, part(declared))]


BLOCKS: Mapping[str, Callable[..., list[Block]]] = {
    "chart": _single_chart,
    "charts": _chart_group,
    "figures": blocks.figures,
    "figures_by_domain": blocks.figures_by_domain,
    "funnel_steps": steps.funnel_steps,
    "glossary": evidence.glossary,
    "groups": blocks.groups,
    "in_progress_note": blocks.in_progress_note,
    "key_figures": blocks.key_figures,
    "league": blocks.league,
    "movements": blocks.movements,
    "path_steps": steps.path_steps,
    "persistency_cohorts": cohorts.persistency_cohorts,
    "raci_matrix": records.raci_matrix,
    "records": records.records,
    "retention_cohorts": cohorts.retention_cohorts,
    "sentences": _sentence_block,
    "stage_moves": cohorts.stage_moves,
    "without": blocks.without,
}
