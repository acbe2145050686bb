"""Renders `assets/` (each asset once, its texts in Chinese and English) into a bundle that Superset imports."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[3]))  # how numbers are written is shared with the report
