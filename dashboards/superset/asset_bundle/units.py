"""How numbers of each unit are written: as a d3 format in charts, as SQL that makes a text, with and without a sign."""

from __future__ import annotations

from dataclasses import dataclass

from needloop.number_forms import NumberForm, form_of_unit, number_form

_PER_CENT = 100


def form_of(unit: str) -> NumberForm:
    """How numbers of a unit look; of one that is not known, as a score."""
    return number_form(form_of_unit(unit) or "score")


def d3_format(unit: str) -> str:
    """d3's format of a value on an axis or in a table."""
    form = form_of(unit)
    return f",.{form.decimals}{'%' if form.scale == _PER_CENT else 'f'}"


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
        if form_of(unit).scale == _PER_CENT or not self._suffix(unit) or self.names[unit].lower() in title.lower():
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
        form = form_of(unit)
        change_suffix = form.suffix_in(self.language, change=True)
        return f"('{unit}', {form.scale}, {form.decimals}, '{self._suffix(unit)}', '{change_suffix}')"

    def _suffix(self, unit: str) -> str:
        """What follows a number; of a unit that is not known, its name."""
        return form_of(unit).suffix_in(self.language) if form_of_unit(unit) else f" {self.names[unit].lower()}"


def rounded_sql(number: str) -> str:
    """SQL of a number as it is written: scaled and rounded, a zero without a sign."""
    return f"round({number} * scale, decimals) + 0.0"


def text_sql(rounded: str, suffix: str) -> str:
    """SQL of a rounded number as text with what follows it; a dash where there is none."""
    return f"coalesce(format(concat('{{:,.', decimals, 'f}}'), {rounded}) || {suffix}, '—')"


def change_text_sql(rounded: str) -> str:
    """The same of a change, which is written with its sign."""
    return f"concat(case when {rounded} > 0 then '+' end, {text_sql(rounded, 'change_suffix')})"
