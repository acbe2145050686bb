"""How numbers of each unit are written: as a d3 format in charts, as SQL that makes a text, with and without a sign."""

from __future__ import annotations

from dataclasses import dataclass

_PER_CENT = 100


@dataclass(frozen=True)
class NumberForm:
    """How the numbers of a unit look."""

    decimals: int = 2
    scale: int = 1
    """What a number is multiplied by before it is written: rates are written in per cent."""
    named: bool = True
    """Whether the unit's name stands with a number: a count or a score needs none."""
    suffixes: tuple[tuple[str, str], ...] = ()
    """What follows a number instead of the unit's name, by language."""
    change_suffixes: tuple[tuple[str, str], ...] = ()
    """What follows the difference of two numbers instead of it, by language."""

    @property
    def d3_format(self) -> str:
        """d3's format of a value on an axis or in a table."""
        return f",.{self.decimals}{'%' if self.scale == _PER_CENT else 'f'}"


_FORMS = {
    "count": NumberForm(decimals=0, named=False),
    "rate": NumberForm(
        decimals=1,
        scale=_PER_CENT,
        named=False,
        suffixes=(("zh", "%"), ("en", "%")),
        change_suffixes=(("zh", " 个百分点"), ("en", " pp")),
    ),
    "hours": NumberForm(decimals=1, suffixes=(("zh", " 小时"), ("en", " h"))),
    "points": NumberForm(decimals=1, named=False),
    "score": NumberForm(named=False),
    "yuan": NumberForm(decimals=0),
    # Densities, whose names say per what.
    "per_10k_policies": NumberForm(decimals=1, named=False),
    "per_100m_premium": NumberForm(decimals=1, named=False),
    "per_10k_customers": NumberForm(decimals=1, named=False),
}
_OTHER = NumberForm()


def number_form(unit: str) -> NumberForm:
    """How numbers of a unit look; of one that is not known here with two decimals and its name."""
    return _FORMS.get(unit, _OTHER)


FORMS = "forms"
"""Name under which the forms are joined to the published numbers."""


@dataclass(frozen=True)
class Units:
    """The release's units in one language."""

    language: str
    names: dict[str, str]
    """Name of each unit as the release says it."""

    def in_title(self, unit: str, title: str) -> str:
        """The unit in brackets, where neither numbers nor title say it."""
        if not number_form(unit).named or self.names[unit].lower() in title.lower():
            return ""
        return f"（{self.names[unit]}）" if self.language == "zh" else f" ({self.names[unit].lower()})"

    def join_sql(self, unit: str) -> str:
        """SQL that gives each row of a table the form of its unit; `unit` is SQL of the unit's name.

        A join and not a case for each text: Superset parses the SQL of a dataset with every request.
        """
        rows = ", ".join(self._form_sql(unit) for unit in self.names)
        columns = "form_unit, scale, decimals, suffix, change_suffix"
        return f"left join (values {rows}) as {FORMS}({columns}) on {unit} = {FORMS}.form_unit"

    def _form_sql(self, unit: str) -> str:
        form = number_form(unit)
        suffix = dict(form.suffixes).get(self.language, f" {self.names[unit].lower()}" if form.named else "")
        # The unit's name is long, and stands beside the value already.
        change_suffix = dict(form.change_suffixes or form.suffixes).get(self.language, "")
        return f"('{unit}', {form.scale}, {form.decimals}, '{suffix}', '{change_suffix}')"


def rounded_sql(number: str) -> str:
    """SQL of a number as it is written: scaled and rounded, a zero without a sign."""
    return f"round({number} * scale, decimals) + 0.0"


def text_sql(rounded: str, suffix: str) -> str:
    """SQL of a rounded number as text with what follows it; a dash where there is none."""
    return f"coalesce(format(concat('{{:,.', decimals, 'f}}'), {rounded}) || {suffix}, '—')"


def change_text_sql(rounded: str) -> str:
    """The same of a change, which is written with its sign."""
    return f"concat(case when {rounded} > 0 then '+' end, {text_sql(rounded, 'change_suffix')})"
