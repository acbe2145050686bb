"""Generates a realistic sample bank: a landing zone with all tables, byte-identical for the same seed."""

from seeds.sample.effects import Effects
from seeds.sample.errors import SampleError
from seeds.sample.generate import SampleSummary, generate

__all__ = ["Effects", "SampleError", "SampleSummary", "generate"]
