"""A sheet that keeps all seventeen digits of a number; xlsxwriter rounds to sixteen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter.worksheet import Worksheet


class ExactWorksheet(Worksheet):  # type: ignore[misc]  # the library has no types
    """Writes a number as Python does."""

    def _xml_number_element(self, number: float, attributes: Sequence[tuple[str, Any]] = ()) -> None:
        attr = "".join(f' {key}="{self._escape_attributes(value)}"' for key, value in attributes)
        self.fh.write(f"<c{attr}><v>{float(number)!r}</v></c>")
