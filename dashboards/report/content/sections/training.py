"""Training by Kirkpatrick's levels: reaction and learning, effects on behaviour and results; experiments.

Nothing here is about a single person, and rates of few cases are hidden.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dashboards.report.content.blocks import chart_block, group_tables, sentence_block
from dashboards.report.content.charts import group_chart, trend_chart
from dashboards.report.content.material import Material
from dashboards.report.content.messages import standing
from dashboards.report.content.model import (
    Block,
    Cell,
    Chart,
    ChartKind,
    Column,
    Number,
    NumberFormat,
    Point,
    Section,
    Sentence,
    Series,
    Table,
    Text,
    Verdict,
)
from dashboards.report.content.tables import metric_table, remarks_on
from dashboards.report.number_text import MINUS
from dashboards.report.training_release import (
    Experiment,
    TrainingEffect,
    before_after,
    effect_months,
    experiments,
    training_effects,
)

LEARNING = ("reaction_mean", "attendance_rate", "learning_gain", "normalised_gain", "mastery_rate")
COURSES_SHOWN = 2  # charts of effects over the months
JUDGED = {"better": Verdict.GOOD, "worse": Verdict.BAD}
_FORMATS = {
    "rate": NumberFormat.RATE,
    "hours": NumberFormat.HOURS,
    "yuan": NumberFormat.MONEY,
}
_FORMATS_OF_EXPERIMENTS = {"time_to_resolution_hours": NumberFormat.HOURS, "csat": NumberFormat.SCORE}


def learning(material: Material) -> Section:
    """Reaction, attendance, gains and mastery, by module, programme and branch."""
    t = material.texts.text
    title, lead = t("training.title"), t("training.lead")
    metrics = material.known(*LEARNING)
    if not any(material.total(d.metric) for d in metrics):
        return Section("training", title, lead, (material.empty("empty.training"),))
    charts: list[Chart | None] = [
        group_chart(
            material,
            f"module-{d.metric}",
            t("book.by", metric=d.label, group=material.grouping("module")),
            group_by="module",
            rows=[row for row in material.group("module", [d.metric]) if not row.is_small],
            definition=d,
        )
        for d in material.known("mastery_rate", "learning_gain")
    ]
    charts += [
        trend_chart(material, f"trend-{d.metric}", d.label, [d])
        for d in material.known("mastery_rate", "attendance_rate", "learning_gain", "reaction_mean")
    ]
    blocks: list[Block] = [chart_block(charts) or material.empty("empty.training")]
    caption = t("training.caption", quarter=material.period)
    blocks.append(metric_table(material, "training-figures", caption, metrics))
    blocks += group_tables(material, "training", ("module", "programme", "branch"), LEARNING, hide_small=True)
    message = standing(material, "mastery_rate", "attendance_rate")
    return Section("training", title, lead, tuple(blocks), message=message)


def effects(material: Material) -> Section:
    """What the confirmation training changed in behaviour and results, as far as that can be told from chance."""
    t = material.texts.text
    title, lead = t("effects.title"), t("effects.lead", as_of=material.as_of.isoformat())
    found = training_effects(material.release)
    if not found:
        return Section("training-effects", title, lead, (material.empty("empty.effects"),))
    blocks: list[Block] = sentence_block([_told(material, one) for one in found if one.verdict in JUDGED])
    courses = sorted((e for e in found if e.estimate is not None), key=lambda e: e.verdict not in JUDGED)
    charts = chart_block([_course(material, one) for one in courses[:COURSES_SHOWN]])
    if charts is not None:
        blocks.append(charts)
    blocks.append(_effect_table(material, found))
    compared = _before_after(material)
    if compared is not None:
        blocks.append(compared)
    message = _verdicts(material, "effects", "training_effect", [(one.id, one.verdict) for one in found])
    return Section("training-effects", title, lead, tuple(blocks), message=message)


def _format(unit: str) -> NumberFormat:
    """How effects are written: those on counts a month are means, with decimals."""
    return _FORMATS.get(unit, NumberFormat.SCORE)


def _told(material: Material, one: TrainingEffect) -> Sentence:
    text = material.texts.text(
        "sentence.effect",
        outcome=one.label,
        **{
            field: material.say(Number(value, _format(one.unit), change=True))
            for field, value in (("estimate", one.estimate), ("low", one.ci_low), ("high", one.ci_high))
        },
        treated=one.persons_treated,
        verdict=material.texts.text(f"verdict.{one.verdict}"),
    )
    return Sentence(f"effect_{one.outcome}", "effect", text, (one.id,), JUDGED[one.verdict])


def _verdicts(material: Material, name: str, rule: str, found: Sequence[tuple[str, str]]) -> Sentence:
    """How many results there are of each verdict."""
    counted = Counter(verdict for _, verdict in found)
    items = [f"{material.texts.text(f'verdict.{verdict}')} {count}" for verdict, count in sorted(counted.items())]
    text = material.texts.text(f"message.{name}", results=len(found), items=material.texts.listed(items))
    return Sentence(name, rule, text, tuple(row for row, _ in found))


def _effect_table(material: Material, found: Sequence[TrainingEffect]) -> Table:
    t = material.texts.text
    columns = (
        Column(t("effects.outcome"), numeric=False),
        Column(t("effects.treated")),
        Column(t("effects.control")),
        Column(t("effects.estimate")),
        Column(t("effects.low")),
        Column(t("effects.high")),
        Column("p"),
        Column(t("effects.verdict"), numeric=False),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            Text(one.label, head=True),
            Number(one.persons_treated, NumberFormat.COUNT, one.id, "persons_treated"),
            Number(one.persons_control, NumberFormat.COUNT, one.id, "persons_control"),
            Number(one.estimate, _format(one.unit), one.id, "estimate", change=True),
            Number(one.ci_low, _format(one.unit), one.id, "ci_low", change=True),
            Number(one.ci_high, _format(one.unit), one.id, "ci_high", change=True),
            Number(one.p, NumberFormat.PROBABILITY, one.id, "p"),
            _judged(material, one.verdict, one.reason),
        )
        for one in found
    ]
    caption = t("effects.caption", as_of=material.as_of.isoformat())
    return Table("effects", caption, columns, tuple(rows), (t("effects.note"),))


def _judged(material: Material, verdict: str, reason: str = "") -> Text:
    text = reason or material.texts.text(f"verdict.{verdict}")
    if verdict == "better":
        return Text(text, mark="good")
    return Text(text, mark="bad" if verdict == "worse" else "muted")


def _course(material: Material, one: TrainingEffect) -> Chart | None:
    """An effect month by month since completion, within its band."""
    months = effect_months(material.release, one.outcome)
    if not months:
        return None
    t = material.texts.text
    series = tuple(
        Series(
            t(f"effects.{field}"),
            tuple(
                Point(
                    str(month.month),
                    str(month.month).replace("-", MINUS),
                    Number(getattr(month, field), _format(one.unit), month.id, field, change=True),
                )
                for month in months
            ),
        )
        for field in ("estimate", "band_low", "band_high")
    )
    title = t("effects.course", outcome=one.label)
    last = material.say(series[0].points[-1].number)
    words = f"{title}. {series[0].points[-1].label} {last}."
    return Chart(f"effect-{one.outcome}", ChartKind.LINES, title, words, series, t("effects.months"))


def _before_after(material: Material) -> Table | None:
    t = material.texts.text
    found = before_after(material.release)
    if not found:
        return None
    columns = (
        Column(t("effects.outcome"), numeric=False),
        Column(t("effects.window")),
        Column(t("effects.persons")),
        Column(t("effects.before")),
        Column(t("effects.after")),
        Column(t("effects.difference")),
        Column(t("effects.low")),
        Column(t("effects.high")),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        fmt, hidden = _format(one.unit), one.is_small
        means = ("before_mean", "after_mean")
        cells = [
            Number(
                None if hidden else getattr(one, field),
                fmt,
                one.id,
                field,
                hidden=hidden,
                change=field not in means and not hidden,
            )
            for field in (*means, "difference", "ci_low", "ci_high")
        ]
        rows.append(
            (
                Text(one.label, head=True),
                Number(one.months, NumberFormat.COUNT, one.id, "window_months"),
                Number(one.persons, NumberFormat.COUNT, one.id, "persons"),
                *cells,
            )
        )
    notes = (t("effects.before_after_note"), *remarks_on(material, rows))
    return Table("before-after", t("effects.before_after"), columns, tuple(rows), notes)


def tested(material: Material) -> Section:
    """Experiments with their differences, intervals and verdicts."""
    t = material.texts.text
    title, lead = t("experiments.title"), t("experiments.lead", as_of=material.as_of.isoformat())
    found = experiments(material.release)
    if not found:
        return Section("experiments", title, lead, (material.empty("empty.experiments"),))
    columns = (
        Column(t("experiments.name"), numeric=False),
        Column(t("column.metric"), numeric=False),
        Column(t("experiments.n_control")),
        Column(t("experiments.n_treatment")),
        Column(t("experiments.value_control")),
        Column(t("experiments.value_treatment")),
        Column(t("effects.difference")),
        Column(t("effects.low")),
        Column(t("effects.high")),
        Column("p"),
        Column(t("effects.verdict"), numeric=False),
    )
    table = Table(
        "experiment-results",
        t("experiments.caption", as_of=material.as_of.isoformat()),
        columns,
        tuple(_experiment(material, one) for one in found),
        (t("experiments.note"),),
    )
    message = _verdicts(material, "experiments", "experiment", [(one.id, one.verdict) for one in found])
    return Section("experiments", title, lead, (table,), message=message)


def _experiment(material: Material, one: Experiment) -> tuple[Cell, ...]:
    fmt = _FORMATS_OF_EXPERIMENTS.get(one.metric, NumberFormat.RATE)
    named = material.texts.texts.get(f"experiments.{one.metric}") or material.label(one.metric)
    return (
        Text(one.name or one.experiment_id, head=True),
        Text(named),
        Number(one.n_control, NumberFormat.COUNT, one.id, "n_control"),
        Number(one.n_treatment, NumberFormat.COUNT, one.id, "n_treatment"),
        Number(one.value_control, fmt, one.id, "value_control"),
        Number(one.value_treatment, fmt, one.id, "value_treatment"),
        Number(one.difference, fmt, one.id, "difference", change=True),
        Number(one.ci_low, fmt, one.id, "ci_low", change=True),
        Number(one.ci_high, fmt, one.id, "ci_high", change=True),
        Number(one.p, NumberFormat.PROBABILITY, one.id, "p"),
        _judged(material, one.verdict),
    )
