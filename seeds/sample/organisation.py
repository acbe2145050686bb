"""Branches and the people in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from needloop.contract.model import Contract
from seeds.sample.calendar_time import FIRST_DAY, LAST_DAY, day_number
from seeds.sample.columns import DAY, HOUR, NONE, arrow_table, missing_where
from seeds.sample.names import full_names
from seeds.sample.randomness import Bools, Floats, Ints, chance, lognormal_around, stream
from seeds.sample.size import STAFF_PER_BRANCH, Size

CITIES = (
    ("华东", "上海"), ("华东", "杭州"), ("华南", "深圳"), ("西南", "成都"), ("华北", "北京"), ("华中", "武汉"),
    ("华南", "广州"), ("华东", "南京"), ("东北", "沈阳"), ("西北", "西安"), ("西南", "重庆"), ("华北", "天津"),
    ("华东", "苏州"), ("华中", "长沙"), ("华东", "青岛"), ("华中", "郑州"), ("华东", "宁波"), ("华南", "厦门"),
    ("东北", "大连"), ("西南", "昆明"), ("华北", "石家庄"), ("东北", "长春"), ("华东", "合肥"), ("华东", "济南"),
)  # fmt: skip
PLACES = [
    "中山路", "人民路", "高新区", "开发区", "滨江", "解放路", "新城", "建设路", "火车站", "大学城",
    "湖滨", "江南", "文化路", "长江路", "金融街", "科技园", "东城", "西城", "南门", "北站",
]  # fmt: skip
WEAK_BRANCHES = (3, 8)
"""Every twelfth branch from these on is slow and draws complaints: 成都 and 沈阳 at scale 1."""
WEAK_CYCLE = 12

SELLERS_FROM, SELLERS_TO = 1, 9
"""Places 1 to 8 of a branch's ten are sellers; 0 is the team lead, 9 the counter."""
SELLERS = SELLERS_TO - SELLERS_FROM
ROLE_OF_PLACE = (3, 0, 0, 0, 0, 0, 0, 1, 1, 2)
"""Positions in the contract's enum: relationship_manager, wealth_advisor, teller, team_lead."""
FAR_AWAY = day_number(date(2999, 1, 1))
"""Stands for "never" in comparisons of days."""


@dataclass(frozen=True)
class Branches:
    """One row per branch."""

    weight: Floats
    """Relative number of customers."""
    slowness: Floats
    """Factor on waiting times and complaints."""
    opened: Ints


@dataclass(frozen=True)
class Staff:
    """One row per person; the person's number is branch × 10 + place."""

    branch: Ints
    role: Ints
    hired: Ints
    confirmed: Ints
    left: Ints
    """FAR_AWAY for those who stay."""
    quality: Floats
    """Standard normal; a higher one serves better."""

    @property
    def sellers(self) -> Bools:
        """Who sells."""
        place = np.arange(len(self.branch)) % STAFF_PER_BRANCH
        return (place >= SELLERS_FROM) & (place < SELLERS_TO)

    def active(self, persons: Ints, days: Ints) -> Bools:
        """Whether each person is employed on the day; false for NONE."""
        known = np.maximum(persons, 0)
        return np.asarray((persons != NONE) & (self.hired[known] <= days) & (days < self.left[known]), dtype=np.bool_)


def make_branches(seed: int, size: Size) -> Branches:
    """Branches of uneven size, some of them weak."""
    rng = stream(seed, "branches")
    number = np.arange(size.branches)
    weak = np.isin(number % WEAK_CYCLE, WEAK_BRANCHES)
    return Branches(
        weight=lognormal_around(rng, np.ones(size.branches), 0.3),
        slowness=np.where(weak, 1.6, 1.0) * lognormal_around(rng, np.ones(size.branches), 0.08),
        opened=day_number(date(1998, 1, 1)) + rng.integers(0, 8_000, size.branches),
    )


def branches_table(branches: Branches, contract: Contract) -> pa.Table:
    """The delivered table."""
    size = len(branches.weight)
    cities = [CITIES[i % len(CITIES)] for i in range(size)]
    return arrow_table(contract.table("org.branches"), 0, {
        "branch_id": np.arange(size),
        "branch_name": pa.array([_branch_name(i, city) for i, (_, city) in enumerate(cities)], pa.string()),
        "region": pa.array([region for region, _ in cities], pa.string()),
        "city": pa.array([city for _, city in cities], pa.string()),
        "opened_on": branches.opened,
        "updated_at": np.full(size, FIRST_DAY * DAY),
    })  # fmt: skip


def _branch_name(number: int, city: str) -> str:
    turn = number // len(CITIES)
    place, again = PLACES[(turn + number) % len(PLACES)], turn // len(PLACES)
    return f"{city}{place}支行" if not again else f"{city}{place}第{again + 1}支行"


def make_staff(seed: int, size: Size) -> Staff:
    """Ten persons per branch; an eighth of the sellers is hired within the window, a twelfth leaves."""
    rng = stream(seed, "staff")
    number = np.arange(size.staff)
    place = number % STAFF_PER_BRANCH
    seller = (place >= SELLERS_FROM) & (place < SELLERS_TO)
    hired = FIRST_DAY - 60 - (rng.beta(1.0, 2.5, size.staff) * 4_000).astype(np.int64)
    recruit = seller & chance(rng, 0.12, size.staff)
    hired = np.where(recruit, FIRST_DAY + rng.integers(0, 800, size.staff), hired)
    left = np.maximum(FIRST_DAY + 120, hired + 200) + rng.integers(0, 700, size.staff)
    leaves = seller & chance(rng, 0.08, size.staff) & (left <= LAST_DAY)
    return Staff(
        branch=number // STAFF_PER_BRANCH,
        role=np.asarray(ROLE_OF_PLACE)[place],
        hired=hired,
        confirmed=hired + rng.integers(170, 380, size.staff),
        left=np.where(leaves, left, FAR_AWAY),
        quality=rng.standard_normal(size.staff),
    )


def staff_tables(seed: int, staff: Staff, contract: Contract) -> tuple[pa.Table, ...]:
    """First versions, and those of confirmation and leaving."""
    rng = stream(seed, "staff names")
    size = len(staff.branch)
    names = full_names(rng, chance(rng, 0.6, size))
    number = np.arange(size)
    supervisor = missing_where(staff.branch * STAFF_PER_BRANCH, number % STAFF_PER_BRANCH == 0)

    def version(rows: Ints, confirmed: Ints, left: Ints, updated_at: Ints) -> pa.Table:
        return arrow_table(contract.table("training.staff"), 0, {
            "staff_id": rows, "full_name": names.take(pa.array(rows)), "branch_id": staff.branch[rows],
            "role": staff.role[rows], "hired_on": staff.hired[rows], "confirmed_on": confirmed, "left_on": left,
            "supervisor_id": supervisor[rows], "updated_at": updated_at,
        })  # fmt: skip

    start = np.maximum(staff.hired, FIRST_DAY)
    confirmed_before = np.where(staff.confirmed <= start, staff.confirmed, NONE)
    confirms = np.flatnonzero(
        (staff.confirmed > start) & (staff.confirmed <= LAST_DAY) & (staff.confirmed < staff.left)
    )
    leaves = np.flatnonzero(staff.left <= LAST_DAY)
    confirmed_at_last = missing_where(staff.confirmed, (staff.confirmed > LAST_DAY) | (staff.confirmed >= staff.left))
    nobody = np.full(size, NONE)
    return (
        version(number, confirmed_before, nobody, start * DAY + 9 * HOUR),
        version(confirms, staff.confirmed[confirms], nobody[confirms], staff.confirmed[confirms] * DAY + 9 * HOUR),
        version(leaves, confirmed_at_last[leaves], staff.left[leaves], staff.left[leaves] * DAY + 18 * HOUR),
    )


def pick_seller(rng: np.random.Generator, staff: Staff, branch: Ints, days: Ints, preferred: Ints) -> Ints:
    """The preferred person where employed on the day, else another seller of the branch, else its team lead."""
    found = np.where(staff.active(preferred, days), preferred, NONE)
    for _ in range(3):
        other = branch * STAFF_PER_BRANCH + SELLERS_FROM + rng.integers(0, SELLERS, len(branch))
        found = np.where((found == NONE) & staff.active(other, days), other, found)
    return np.where(found == NONE, branch * STAFF_PER_BRANCH, found)
