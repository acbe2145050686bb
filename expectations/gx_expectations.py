"""Each kind of rule as an expectation of Great Expectations. Importing this takes seconds."""

from __future__ import annotations

from datetime import date
from typing import Any

from great_expectations.expectations.core.expect_column_values_to_be_between import ExpectColumnValuesToBeBetween
from great_expectations.expectations.core.expect_column_values_to_be_in_set import ExpectColumnValuesToBeInSet
from great_expectations.expectations.core.expect_column_values_to_be_unique import ExpectColumnValuesToBeUnique
from great_expectations.expectations.core.expect_column_values_to_not_be_null import ExpectColumnValuesToNotBeNull
from great_expectations.expectations.core.expect_compound_columns_to_be_unique import ExpectCompoundColumnsToBeUnique
from great_expectations.expectations.core.expect_table_row_count_to_be_between import ExpectTableRowCountToBeBetween
from great_expectations.expectations.core.unexpected_rows_expectation import UnexpectedRowsExpectation
from great_expectations.expectations.expectation import Expectation

from expectations.rules import Between, Filled, HasRows, NoRowFrom, NoRowWhere, OneOf, Rule, Unique


def expectation_of(rule: Rule, key: tuple[str, ...], load_date: date, **words: Any) -> Expectation:
    """The rule as an expectation; `words` are its meta, description, notes and severity.

    Great Expectations' own where one exists, otherwise SQL that selects keys only, so that no value reaches a result.
    Raises TypeError for a rule without a form here.
    """
    kind, arguments = _form(rule, key, load_date)
    return kind(**arguments, **words)


def _form(rule: Rule, key: tuple[str, ...], load_date: date) -> tuple[type[Expectation], dict[str, Any]]:
    form: tuple[type[Expectation], dict[str, Any]]
    match rule:
        case Filled(column):
            form = ExpectColumnValuesToNotBeNull, {"column": column}
        case Unique((column,)):
            form = ExpectColumnValuesToBeUnique, {"column": column}
        case Unique(columns):
            form = ExpectCompoundColumnsToBeUnique, {"column_list": list(columns)}
        case OneOf(column, values):
            form = ExpectColumnValuesToBeInSet, {"column": column, "value_set": list(values)}
        case Between(column, least, greatest):
            form = ExpectColumnValuesToBeBetween, {"column": column, "min_value": least, "max_value": greatest}
        case HasRows():
            form = ExpectTableRowCountToBeBetween, {"min_value": 1}
        case NoRowWhere():
            form = UnexpectedRowsExpectation, {"unexpected_rows_query": rule.failing_keys(key, "{batch}", load_date)}
        case NoRowFrom():
            query = rule.failing_keys(key, "(select * from {batch})", load_date)
            form = UnexpectedRowsExpectation, {"unexpected_rows_query": query}
        case _:
            raise TypeError(f"{type(rule).__name__} has no form in Great Expectations: add it to gx_expectations.py")
    return form
