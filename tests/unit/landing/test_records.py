"""Where a CSV file's rows start and end: lines, quotes, blank lines, ragged rows, delimiters."""

from __future__ import annotations

import pytest

from tests.unit.landing.conftest import Bank

FILE = "org/branches/b.csv"
HEADER = "branch_id,branch_name,region,city,opened_on,updated_at"
GOOD = "B{},支行,华东,上海,2018-02-09,2023-07-01"


def lines(bank: Bank) -> list[tuple[str, int]]:
    return bank.select("select branch_id, _line from raw.org__branches order by _load_id, _line")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_and_none_at_the_end(bank: Bank, end: str) -> None:
    bank.load_one(FILE, end.join([HEADER, GOOD.format(1), "", GOOD.format(2), "   ", GOOD.format(3)]))
    assert lines(bank) == [("B1", 2), ("B2", 4), ("B3", 6)]


def test_mixed_line_ends(bank: Bank) -> None:
    bank.load_one(FILE, f"{HEADER}\r\n{GOOD.format(1)}\r{GOOD.format(2)}\n\r\n\r{GOOD.format(3)}\r\n")
    assert lines(bank) == [("B1", 2), ("B2", 3), ("B3", 6)]


def test_blank_lines_before_the_header_count_as_lines(bank: Bank) -> None:
    bank.load_one(FILE, f"\n\n{HEADER}\n{GOOD.format(1)}\n")
    assert lines(bank) == [("B1", 4)]


def test_line_breaks_delimiters_and_quotes_inside_quotes(bank: Bank) -> None:
    row = 'B1,"第一\r\n支行, ""东""\n",华东,,2018-02-09,2023-07-01'
    bank.load_one(FILE, f"{HEADER}\n{row}\n{GOOD.format(2)}\n")
    assert lines(bank) == [("B1", 2), ("B2", 5)]
    assert bank.select("select branch_name from raw.org__branches where branch_id = 'B1'") == [('第一\r\n支行, "东"',)]


def test_quotes_out_of_place_are_text_as_in_a_spreadsheet(bank: Bank) -> None:
    rows = ['B1,5" 支行,a"b"c,,,2023-07-01', 'B2,"支"行"x,华东,,,2023-07-01', ' "B3",x,y,,,2023-07-01', GOOD.format(4)]
    outcome = bank.load_one(FILE, "\n".join([HEADER, *rows]))
    assert (outcome.rows, outcome.rejected) == (4, 0)
    assert bank.select("select branch_id, branch_name, region, _line from raw.org__branches order by _line") == [
        ("B1", '5" 支行', 'a"b"c', 2),
        ("B2", '支行"x', "华东", 3),
        ('"B3"', "x", "y", 4),
        ("B4", "支行", "华东", 5),
    ]


def test_ragged_rows(bank: Bank) -> None:
    rows = ["B1,x,y,,2018-02-09", GOOD.format(2), GOOD.format(3) + ",", "B4", GOOD.format(5)]
    outcome = bank.load_one(FILE, "\n".join([HEADER, *rows]))
    assert (outcome.rows, outcome.loaded, outcome.rejected) == (5, 2, 3)
    assert bank.rejects() == [(FILE, line, None, "ragged_row") for line in (2, 4, 5)]
    assert bank.select("select record from landing.rejects order by line") == [
        (row,) for row in (rows[0], rows[2], rows[3])
    ]


def test_an_unclosed_quote_is_one_row_to_the_end_of_the_file(bank: Bank) -> None:
    broken = f'B2,"支行\n{GOOD.format(3)}\n{GOOD.format(4)}\n'
    outcome = bank.load_one(FILE, f"{HEADER}\n{GOOD.format(1)}\n\n{broken}")
    assert (outcome.rows, outcome.loaded, outcome.rejected) == (2, 1, 1)
    assert bank.rejects() == [(FILE, 4, None, "unclosed_quote")]
    assert bank.select("select record from landing.rejects") == [(broken,)]


def test_a_nul_byte_comes_before_every_other_reason_but_bad_json(bank: Bank) -> None:
    rows = ["B\x001,x", "B2,x,华\x00东,上\x00海,bad,bad", GOOD.format(3), 'B4,"\x00']
    bank.load_one(FILE, "\n".join([HEADER, *rows]))
    assert bank.rejects() == [
        (FILE, 2, "branch_id", "nul_byte"),
        (FILE, 3, "region", "nul_byte"),
        (FILE, 5, "branch_name", "nul_byte"),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(bank: Bank, delimiter: str) -> None:
    content = f"{HEADER}\n{GOOD.format(1)}\n".replace(",", delimiter)
    assert bank.load_one(FILE, content).loaded == 1


def test_a_row_may_lie_across_the_blocks_of_reading(bank: Bank) -> None:
    # Two rows of 3 MB each with line breaks in quotes; blocks have 4 MB.
    note = "行\n" * 750_000
    rows = "".join(f"{GOOD.format(n).replace('支行', chr(34) + note + chr(34))}\n" for n in (1, 2)) + GOOD.format(3)
    outcome = bank.load_one(FILE, f"{HEADER}\n{rows}", max_record_bytes=2**24)
    assert outcome.loaded == 3
    assert lines(bank) == [("B1", 2), ("B2", 750_003), ("B3", 1_500_004)]
    assert bank.select("select distinct length(branch_name) from raw.org__branches order by 1") == [(2,), (1_499_999,)]


def test_a_record_beyond_the_limit_refuses_the_file(bank: Bank) -> None:
    outcome = bank.load_one(FILE, f"{HEADER}\n{GOOD.format(1)}\nB2,{'x' * 6_000_000}", max_record_bytes=2**20)
    assert (outcome.status, outcome.reason) == ("refused", "unreadable_file")
    assert outcome.message is not None
    assert "NEEDLOOP_MAX_RECORD_BYTES" in outcome.message
    assert lines(bank) == []


def test_many_misplaced_quotes_are_read_rightly(bank: Bank) -> None:
    rows = [f'B{n},{n}" wide,x"y,,,2023-07-01' if n % 3 else GOOD.format(n) for n in range(3000)]
    outcome = bank.load_one(FILE, "\n".join([HEADER, *rows]))
    assert (outcome.loaded, outcome.rejected) == (3000, 0)
    assert lines(bank) == [(f"B{n}", n + 2) for n in range(3000)]
