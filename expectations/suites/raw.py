"""All suites of the raw tables: what the contract implies, then what the system's own file says."""

from __future__ import annotations

from expectations.check import SystemSuite, TableSuite, Text
from expectations.checked_rows import relation
from expectations.contract_checks import contract_checks
from expectations.suites import bank, complaint, crm, experiment, external, org, policy, training
from needloop.contract.model import Contract

SYSTEM_SUITES: dict[str, SystemSuite] = {
    suite.system: suite
    for suite in (
        bank.SUITE,
        complaint.SUITE,
        crm.SUITE,
        experiment.SUITE,
        external.SUITE,
        org.SUITE,
        policy.SUITE,
        training.SUITE,
    )
}


def raw_suites(contract: Contract) -> tuple[TableSuite, ...]:
    """One suite a table of the contract; KeyError when a system of the contract has no file here."""
    return tuple(
        TableSuite(
            table_name=table.full_name,
            system=table.system,
            owner=SYSTEM_SUITES[table.system].owner,
            title=Text(table.title.zh, table.title.en),
            key=table.key,
            relation=relation(table),
            checks=(*contract_checks(table, contract), *SYSTEM_SUITES[table.system].checks.get(table.name, ())),
        )
        for table in contract.tables
    )
