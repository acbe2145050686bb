"""What the generator does with the folder it is given."""

from pathlib import Path

import pytest

from seeds.sample import SampleError, generate


def small(out: Path, **options: object) -> None:
    generate(out, scale=0.05, **options)  # type: ignore[arg-type]


def test_a_sample_bank_is_replaced_by_the_next(tmp_path: Path) -> None:
    out = tmp_path / "bank"
    small(out, file_format="parquet")
    small(out)
    endings = {file.suffix for file in out.rglob("*") if file.is_file()}
    assert endings == {".csv"}


def test_the_landing_zone_holds_deliveries_only(tmp_path: Path) -> None:
    small(tmp_path / "bank")
    assert {entry.name for entry in (tmp_path / "bank").iterdir()} == {
        "bank", "complaint", "crm", "experiment", "external", "org", "policy", "training",
    }  # fmt: skip


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "documents"
    out.mkdir()
    (out / "letter.txt").write_text("dear")
    with pytest.raises(SampleError, match="not a sample bank; choose an empty"):
        small(out)
    assert [entry.name for entry in out.iterdir()] == ["letter.txt"]


def test_files_added_to_a_sample_bank_are_never_removed(tmp_path: Path) -> None:
    out = tmp_path / "bank"
    small(out)
    own = out / "crm" / "customers" / "mine.csv"
    own.write_text("customer_id\n")
    with pytest.raises(SampleError, match=r"mine\.csv.*move them away"):
        small(out)
    assert own.exists()
    assert (out / "crm" / "customers" / "customers_001_1_first.csv").exists()


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "bank").write_text("")
    with pytest.raises(SampleError, match="is a file; name a folder"):
        small(tmp_path / "bank")


def test_messy_has_its_own_formats(tmp_path: Path) -> None:
    with pytest.raises(SampleError, match="leave out --format"):
        small(tmp_path / "bank", messy=True, file_format="parquet")
    with pytest.raises(SampleError, match="choose a whole number from 0"):
        small(tmp_path / "bank", seed=-1)
