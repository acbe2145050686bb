"""Independent streams of random numbers: one for each part of the bank and block of customers.

A stream depends on the seed, the name of the part and the number of the block only, so adding a draw to one part leaves
the others as they were, and nothing depends on threads, processes or the hash seed.
"""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]


def stream(seed: int, part: str, block: int = 0) -> np.random.Generator:
    """The generator of that part and block."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, zlib.crc32(part.encode()), block])))


def weighted(rng: np.random.Generator, weights: npt.ArrayLike, size: int) -> Ints:
    """Draws indices 0 … len(weights) − 1 with the given relative weights."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.asarray(np.searchsorted(edges / edges[-1], rng.random(size), side="right"), dtype=np.int64)


def weighted_rows(rng: np.random.Generator, weights: Floats) -> Ints:
    """Draws one column index for each row of a matrix of relative weights."""
    edges = np.cumsum(weights, axis=1)
    draws = rng.random(len(weights)) * edges[:, -1]
    return np.asarray(np.minimum((edges <= draws[:, None]).sum(axis=1), weights.shape[1] - 1), dtype=np.int64)


def lognormal_around(rng: np.random.Generator, medians: npt.ArrayLike, spread: float) -> Floats:
    """Lognormal draws with these medians; `spread` is the standard deviation of the logarithm."""
    medians = np.asarray(medians, dtype=np.float64)
    return medians * np.exp(spread * rng.standard_normal(medians.shape))


def chance(rng: np.random.Generator, probability: npt.ArrayLike, size: int) -> Bools:
    """True with the given probability, one for all or one each."""
    return rng.random(size) < np.asarray(probability, dtype=np.float64)
