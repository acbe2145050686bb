"""The folder of a sample bank: whose it is, and clearing one that was made before.

A marker file beside the folder lists what the generator wrote: nothing else is ever removed, and the landing zone holds
deliveries only.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from seeds.sample.errors import SampleError

MARKER_ENDING = ".sample.json"
GENERATOR = "needloop sample"


def marker_of(out: Path) -> Path:
    """Where the marker of a sample bank's folder lies."""
    return out.with_name(out.name + MARKER_ENDING)


def prepare(out: Path, description: Mapping[str, Any]) -> None:
    """Makes the folder, empties one made before, and marks it as being written.

    Raises SampleError when it is a file, or holds anything that the generator did not write.
    """
    if out.exists() and not out.is_dir():
        raise SampleError(f"{out} is a file; name a folder with --out")
    try:
        out.mkdir(parents=True, exist_ok=True)
        _clear(out)
        _write_marker(out, {**description, "state": "writing", "files": []})
    except OSError as error:
        raise SampleError(f"cannot write to {out}: {error.strerror}; choose another folder with --out") from error


def finish(out: Path, description: Mapping[str, Any], files: Iterable[str]) -> None:
    """Marks the folder as complete, with the files written."""
    _write_marker(out, {**description, "state": "complete", "files": sorted(files)})


def _clear(out: Path) -> None:
    there = {str(p.relative_to(out)) for p in out.rglob("*") if not p.is_dir()}
    if not there:
        return
    marker = _read_marker(out)
    if marker is None:
        raise SampleError(
            f"{out} is not empty and is not a sample bank; "
            "choose an empty or a new folder with --out, or empty this one"
        )
    foreign = there - set(marker["files"]) if marker["state"] == "complete" else set()
    if foreign:
        some = ", ".join(sorted(foreign)[:3]) + (" …" if len(foreign) > 3 else "")
        raise SampleError(
            f"{out} also holds files that the sample did not write ({some}); "
            "move them away, or choose another folder with --out"
        )
    for entry in out.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _read_marker(out: Path) -> dict[str, Any] | None:
    try:
        marker = json.loads(marker_of(out).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    known = isinstance(marker, dict) and marker.get("generator") == GENERATOR and {"files", "state"} <= set(marker)
    return marker if known else None


def _write_marker(out: Path, content: Mapping[str, Any]) -> None:
    text = json.dumps({"generator": GENERATOR, **content}, ensure_ascii=False, indent=1)
    marker_of(out).write_text(text + "\n", "utf-8")
