"""Reads what the release says about the effects of training, before and after it, and about experiments."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.report.release import Release


@dataclass(frozen=True)
class TrainingEffect:
    """What the confirmation training changed in one outcome, or why that is not shown."""

    outcome: str
    label: str
    unit: str
    persons_treated: int
    persons_control: int
    estimate: float | None
    ci_low: float | None
    ci_high: float | None
    p: float | None
    verdict: str
    reason: str

    @property
    def id(self) -> str:
        """The row's key."""
        return f"training_effect/{self.outcome}"


@dataclass(frozen=True)
class EffectMonth:
    """An effect so many months after completion, with the band that covers all months at once."""

    outcome: str
    month: int
    estimate: float | None
    band_low: float | None
    band_high: float | None

    @property
    def id(self) -> str:
        """The row's key."""
        return f"training_effect/{self.outcome}/{self.month}"


@dataclass(frozen=True)
class BeforeAfter:
    """Means of an outcome in so many months before and after the training, of the same persons."""

    outcome: str
    label: str
    unit: str
    window_months: int
    persons: int
    before_mean: float | None
    after_mean: float | None
    difference: float | None
    ci_low: float | None
    ci_high: float | None
    is_small: bool

    @property
    def id(self) -> str:
        """The row's key."""
        return f"before_after/{self.outcome}/{self.window_months}"


@dataclass(frozen=True)
class Experiment:
    """The result of an experiment; p is None while it runs or where nothing can be tested."""

    experiment_id: str
    name: str
    metric: str
    n_control: int
    n_treatment: int
    value_control: float | None
    value_treatment: float | None
    difference: float | None
    ci_low: float | None
    ci_high: float | None
    p: float | None
    verdict: str

    @property
    def id(self) -> str:
        """The row's key."""
        return f"experiment/{self.experiment_id}"


def training_effects(release: Release) -> list[TrainingEffect]:
    """The effects of the confirmation training, in their order."""
    if not release.has(["mart_training_effects"]):
        return []
    rows = release.fetch(
        f"""select outcome, {release.named("outcome", "outcome")}, unit, persons_treated, persons_control, estimate,
        ci_low, ci_high, p, verdict, {release.named("reason")} from mart_training_effects order by display_order"""
    )
    return [TrainingEffect(*row) for row in rows]


def effect_months(release: Release, outcome: str) -> list[EffectMonth]:
    """The course of one effect over the months since completion."""
    if not release.has(["mart_training_effect_months"]):
        return []
    rows = release.fetch(
        """select outcome, event_month, estimate, band_low, band_high from mart_training_effect_months
        where outcome = ? order by event_month""",
        [outcome],
    )
    return [EffectMonth(*row) for row in rows]


def before_after(release: Release) -> list[BeforeAfter]:
    """Comparisons before and after the confirmation training, by outcome and length of the window."""
    if not release.has(["mart_before_after", "mart_training_effects"]):
        return []
    rows = release.fetch(
        f"""select b.outcome, {release.named("b.outcome", "b.outcome")}, b.unit, window_months, persons, before_mean,
        after_mean, difference, b.ci_low, b.ci_high, is_small
        from mart_before_after b left join mart_training_effects e using (outcome)
        order by display_order nulls last, b.outcome, window_months"""
    )
    return [BeforeAfter(*row) for row in rows]


def experiments(release: Release) -> list[Experiment]:
    """The experiments, the latest first."""
    if not release.has(["mart_experiment_results"]):
        return []
    rows = release.fetch(
        """select experiment_id, coalesce(nullif(experiment_name, ''), experiment_id), primary_metric,
        coalesce(n_control, 0), coalesce(n_treatment, 0),
        value_control, value_treatment, difference, ci_low, ci_high, p, verdict
        from mart_experiment_results order by started_on desc, experiment_id"""
    )
    return [Experiment(*row) for row in rows]


@dataclass(frozen=True)
class Weakness:
    """A signal that is worse than in the four quarters before, and the module that strengthens against it."""

    period: str
    product_category: str
    product_label: str
    signal_type: str
    category: str
    category_label: str
    occurrences: int
    rate: float | None
    rate_before: float | None
    excess: float
    share_of_excess: float | None
    module: str
    module_label: str
    module_share: float | None
    module_rank: int | None
    persons_trained_since: int
    rate_in_next_quarter: float | None
    module_mastery_rate: float | None
    is_handed_back: bool

    @property
    def id(self) -> str:
        """The row's key."""
        return f"improvement_loop/{self.period}/{self.product_category}/{self.signal_type}/{self.category}"


def weaknesses(release: Release, period: str) -> list[Weakness]:
    """What customers showed in a quarter, the module that would strengthen most first."""
    if not release.has(["mart_improvement_loop"]):
        return []
    rows = release.fetch(
        f"""select l.period, l.product_category, {release.named("products.label", "l.product_category")},
        l.signal_type, l.category, {release.named("categories.label", "l.category")},
        l.occurrences, l.rate, l.rate_before, l.excess, l.share_of_excess,
        coalesce(l.module, ''), {release.named("modules.label", "coalesce(l.module, '')")},
        l.module_share, l.module_rank, coalesce(l.persons_trained_since, 0), l.rate_in_next_quarter,
        l.module_mastery_rate, coalesce(l.is_handed_back_to_product, false)
        from mart_improvement_loop l
        left join dim_group_value products
            on products.group_by = 'product_category' and products.group_value = l.product_category
        left join dim_group_value categories
            on categories.group_by = 'category' and categories.group_value = l.category
        left join dim_group_value modules on modules.group_by = 'module' and modules.group_value = l.module
        where l.period = ?
        order by l.module_rank nulls last, l.excess desc, l.product_category, l.signal_type, l.category""",
        [period],
    )
    return [Weakness(*row) for row in rows]
