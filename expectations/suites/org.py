"""Checks of the organisation register: branches."""

from __future__ import annotations

from expectations.business_checks import not_in_future
from expectations.check import SystemSuite

SUITE = SystemSuite(
    system="org",
    owner="机构管理组 Organisation register",
    checks={"branches": (not_in_future("opened_on", "开业日期不在将来", "Opened on a day that has come"),)},
)
