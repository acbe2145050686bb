"""The same arguments give the same bytes, in any process; another seed gives another bank."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from seeds.sample import generate

pytestmark = pytest.mark.slow

PROGRAM = """
import sys
from pathlib import Path
from seeds.sample import generate

generate(Path(sys.argv[1]), scale=0.05, messy=sys.argv[2] == "messy", file_format=sys.argv[2].replace("messy", "csv"))
"""


def digest(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.mark.parametrize("form", ["csv", "parquet", "messy"])
def test_two_processes_write_the_same_bytes(tmp_path: Path, form: str) -> None:
    for name, hash_seed, threads in (("one", "1", "1"), ("two", "77", "4")):
        environment = {
            **os.environ,
            "PYTHONHASHSEED": hash_seed,
            "OMP_NUM_THREADS": threads,
            "TZ": f"Etc/GMT-{threads}",
        }
        subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path / name), form], check=True, env=environment)
    assert len(digest(tmp_path / "one")) >= 22
    assert digest(tmp_path / "one") == digest(tmp_path / "two")
    if form == "messy":
        assert digest(tmp_path / "one.expected") == digest(tmp_path / "two.expected")


def test_another_seed_gives_another_bank(tmp_path: Path) -> None:
    generate(tmp_path / "one", scale=0.05, seed=1)
    generate(tmp_path / "two", scale=0.05, seed=2)
    one, two = digest(tmp_path / "one"), digest(tmp_path / "two")
    differing = {name.split("/")[1] for name in one if one[name] != two.get(name)}
    # Courses and experiments are fixed by their design; everything that is drawn must differ.
    assert differing >= {
        "customers",
        "policies",
        "premiums",
        "needs",
        "need_events",
        "complaints",
        "transactions",
        "staff",
    }


def test_adding_customers_leaves_the_shared_part_of_the_same_size_alone(tmp_path: Path) -> None:
    generate(tmp_path / "one", scale=0.05)
    generate(tmp_path / "two", scale=0.06)
    one, two = digest(tmp_path / "one"), digest(tmp_path / "two")
    assert one["policy/products/products_001_1_first.csv"] == two["policy/products/products_001_1_first.csv"]
