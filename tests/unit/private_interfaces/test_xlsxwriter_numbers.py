"""xlsxwriter_numbers.py: a number in a workbook is the number that was given."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import xlsxwriter

from needloop.private_interfaces.xlsxwriter_numbers import ExactWorksheet


def test_all_digits_are_written() -> None:
    file = BytesIO()
    with xlsxwriter.Workbook(file) as workbook:
        workbook.add_worksheet("numbers", ExactWorksheet).write_number(0, 0, 0.1 + 0.2)
    sheet = ZipFile(file).read("xl/worksheets/sheet1.xml").decode()
    assert "<v>0.30000000000000004</v>" in sheet, (
        "xlsxwriter writes numbers past Worksheet._xml_number_element: the last digit of a number in the workbook may "
        "differ from the published one. Override what writes them now."
    )
