"""How numbers of each unit are written: as a d3 format in charts, as SQL that makes a text, with and without a sign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_PER_CENT = 100
_PLAIN = "{}"


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
}
_OTHER = NumberForm()


def number_form(unit: str) -> NumberForm:
    """How numbers of a unit look; of one that is not known here with two decimals and its name."""
    return _FORMS.get(unit, _OTHER)


@dataclass(frozen=True)
class Units:
    """The release's units in one language."""

    language: str
    names: dict[str, str]
    """Name of each unit as the release says it."""

    def in_title(self, unit: str) -> str:
        """The unit in brackets, where numbers without it would be unclear."""
        if not number_form(unit).named:
            return ""
        return f"（{self.names[unit]}）" if self.language == "zh" else f" ({self.names[unit].lower()})"

    def text_sql(self, number: str, *, change: bool = False, suffix: str = _PLAIN) -> str:
        """SQL of a number as text by the row's column `unit`; a dash where there is no number.

        Args:
            number: SQL of the number.
            change: whether it is a difference, which is written with its sign.
            suffix: what is put around the unit.
        """
        cases = " ".join(f"when '{unit}' then {self._one(unit, number, change, suffix)}" for unit in self.names)
        return f"coalesce(case unit {cases} else cast({number} as varchar) end, '—')"

    def shown_sql(self, number: str) -> str:
        """SQL of a number as it is written, rounded and scaled: what is written as 0 is neither better nor worse."""
        cases = " ".join(f"when '{unit}' then {self._rounded(unit, number)}" for unit in self.names)
        return f"case unit {cases} else {number} end"

    def _rounded(self, unit: str, number: str) -> str:
        form = number_form(unit)
        # Adding 0 takes the sign off a zero.
        return f"round(cast({number} * {form.scale} as double), {form.decimals}) + 0.0"

    def _one(self, unit: str, number: str, change: bool, suffix: str) -> str:
        form = number_form(unit)
        rounded = self._rounded(unit, number)
        sign = f"case when {rounded} > 0 then '+' else '' end || " if change else ""
        said = self._suffix(unit, form, change)
        written = f"format('{{:,.{form.decimals}f}}', {rounded})"
        return sign + written + (f" || '{suffix.replace(_PLAIN, said)}'" if said else "")

    def _suffix(self, unit: str, form: NumberForm, change: bool) -> str:
        own: dict[str, Any] = dict((change and form.change_suffixes) or form.suffixes)
        return str(own.get(self.language, f" {self.names[unit].lower()}" if form.named else ""))

    def verdict_sql(self, change: str, better: str, worse: str, neither: str) -> str:
        """SQL of one of three texts by the row's column `direction` and a change."""
        shown = self.shown_sql(change)
        return (
            f"case when {change} is null or {shown} = 0 or direction = 'neutral' then '{neither}'"
            f" when ({change} > 0) = (direction = 'higher') then '{better}' else '{worse}' end"
        )
