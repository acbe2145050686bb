"""Effects of training, experiments, and the modules that signals lead to; nothing is about a single person."""

from __future__ import annotations

from collections import Counter

from dashboards.report.content.figures import format_of_mean
from dashboards.report.content.material import Material
from dashboards.report.content.model import Chart, ChartKind, Number, NumberFormat, Point, Sentence, Series, Verdict
from dashboards.report.number_text import MINUS
from dashboards.report.training_release import TrainingEffect, effect_months

_JUDGED = {"better": Verdict.GOOD, "worse": Verdict.BAD}


def verdicts(material: Material, *, of: str, name: str, rule: str) -> Sentence:
    """How many results there are of each verdict."""
    found = material.rows(of)
    counted = Counter(one.verdict for one in found)
    items = [f"{material.text(f'verdict.{verdict}')} {count}" for verdict, count in sorted(counted.items())]
    text = material.text(f"message.{name}", results=len(found), items=material.texts.listed(items))
    return Sentence(name, rule, text, tuple(one.id for one in found))


def effects_shown(material: Material) -> list[Sentence]:
    """The outcomes that the training made better or worse."""
    return [_effect(material, one) for one in material.rows("training_effects") if one.verdict in _JUDGED]


def _effect(material: Material, one: TrainingEffect) -> Sentence:
    numbers = {"estimate": one.estimate, "low": one.ci_low, "high": one.ci_high}
    form = format_of_mean(one.unit)
    text = material.text(
        "sentence.effect",
        outcome=one.label,
        treated=one.persons_treated,
        verdict=material.text(f"verdict.{one.verdict}"),
        **{field: material.say(Number(value, form, change=True)) for field, value in numbers.items()},
    )
    return Sentence(f"effect_{one.outcome}", "effect", text, (one.id,), _JUDGED[one.verdict])


def effect_courses(material: Material, most: int) -> list[Chart]:
    """The first effects month by month, those with a verdict first."""
    estimated = [one for one in material.rows("training_effects") if one.estimate is not None]
    shown = sorted(estimated, key=lambda one: one.verdict not in _JUDGED)[:most]
    return [chart for one in shown if (chart := _course(material, one)) is not None]


def _course(material: Material, one: TrainingEffect) -> Chart | None:
    """An effect month by month since completion, within its band."""
    months = effect_months(material.release, one.outcome)
    if not months:
        return None
    form = format_of_mean(one.unit)
    labels = [str(month.month).replace("-", MINUS) for month in months]
    series = tuple(
        Series(
            material.text(f"training-effects.{field}"),
            tuple(
                Point(str(month.month), label, Number(getattr(month, field), form, month.id, field, change=True))
                for month, label in zip(months, labels, strict=True)
            ),
        )
        for field in ("estimate", "band_low", "band_high")
    )
    title = material.text("training-effects.course", outcome=one.label)
    words = f"{title}. {labels[-1]} {material.say(series[0].points[-1].number)}."
    axis = material.text("training-effects.months")
    return Chart(f"effect-{one.outcome}", ChartKind.LINES, title, words, series, axis)


def module_to_strengthen(material: Material) -> Sentence | None:
    """The module against most of the complaints and surrenders above the year before."""
    first = next(iter(material.rows("modules_to_strengthen")), None)
    if first is None:
        return None
    share = material.say(Number(first.module_share, NumberFormat.RATE))
    return Sentence("loop", "loop", material.text("message.loop", module=first.module_label, share=share), (first.id,))


def handed_back(material: Material) -> Sentence | None:
    """The modules that too few mastered, so that their material goes back to the product department."""
    modules = [one for one in material.rows("modules_to_strengthen") if one.is_handed_back]
    if not modules:
        return None
    text = material.text("sentence.handed_back", modules=material.texts.listed([one.module_label for one in modules]))
    return Sentence("handed_back", "handed_back", text, tuple(one.id for one in modules))
