"""What all blocks of customers share: the seed, the effects, the organisation, its training and the shelf."""

from __future__ import annotations

from dataclasses import dataclass

from seeds.sample.effects import Effects
from seeds.sample.organisation import Branches, Staff, make_branches, make_staff
from seeds.sample.shelf import Shelf, make_shelf
from seeds.sample.size import Size
from seeds.sample.training import Training, make_training


@dataclass(frozen=True)
class Bank:
    """The part of the bank that is generated once and kept in memory."""

    seed: int
    effects: Effects
    branches: Branches
    staff: Staff
    training: Training
    shelf: Shelf


def make_bank(seed: int, size: Size, effects: Effects) -> Bank:
    """Draws the shared part."""
    staff = make_staff(seed, size)
    return Bank(
        seed=seed,
        effects=effects,
        branches=make_branches(seed, size),
        staff=staff,
        training=make_training(seed, staff, effects),
        shelf=make_shelf(seed),
    )
