"""Filters of a dashboard: the quarter, groups (department, branch …), states of a list; and filters by a click."""

from __future__ import annotations

from typing import Any

from . import queries
from .charts import NUMBERS, Chart
from .datasets import dataset_identity
from .definitions import Definitions
from .links import filter_id

_WHOLE_PAGE = ["ROOT_ID"]


class UnknownFilterError(Exception):
    """A dashboard has a filter that is not defined."""


def known_filters(definitions: Definitions, own: list[dict[str, Any]], language: str) -> dict[str, dict[str, Any]]:
    """All filters by name: one a grouping, and those of `assets/filters` in the language."""
    filters = {
        grouping.name: {
            "title": grouping.labels[language],
            "dataset_uuid": dataset_identity(NUMBERS, language),
            "column": grouping.name,
            "of_grouping": grouping.name,
        }
        for grouping in definitions.groupings()
    }
    filters |= {text["name"]: {**text, "dataset_uuid": dataset_identity(text["dataset"], language)} for text in own}
    return filters


def native_filters(
    names: list[str], filters: dict[str, dict[str, Any]], sections: list[str], charts: dict[int, Chart]
) -> list[dict[str, Any]]:
    """Superset's configuration of a dashboard's filters; a filter on a group offers the groups of these sections.

    Raises:
        UnknownFilterError: a name is not among the filters.
    """
    for name in names:
        if name not in filters:
            raise UnknownFilterError(f"a dashboard has the filter {name!r}: choose one of {', '.join(filters)}")
    return [_native_filter(name, filters[name], sections, charts) for name in names]


def _native_filter(name: str, text: dict[str, Any], sections: list[str], charts: dict[int, Chart]) -> dict[str, Any]:
    latest_first = text.get("latest_first", False)
    starts_with_first = latest_first or text.get("starts_with_first", False)
    return {
        "id": filter_id(text.get("known_as", name)),  # links set a filter by its id
        "type": "NATIVE_FILTER",
        "name": text["title"],
        "description": text.get("description", ""),
        "filterType": "filter_select",
        "targets": [{"datasetUuid": text["dataset_uuid"], "column": {"name": text["column"]}}],
        # A required filter holds the charts back until it has its first item.
        "requiredFirst": starts_with_first,
        "controlValues": {
            "enableEmptyFilter": starts_with_first,
            "defaultToFirstItem": starts_with_first,
            "multiSelect": False,
            "searchAllOptions": False,
            "inverseSelection": False,
            "sortAscending": not latest_first,
        },
        "adhoc_filters": _offered(text["of_grouping"], sections) if "of_grouping" in text else [],
        "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
        "cascadeParentIds": [],
        "scope": {
            "rootPath": _WHOLE_PAGE,
            "excluded": [number for number, chart in charts.items() if not chart.follows(text["column"])],
        },
    }


def _offered(grouping: str, sections: list[str]) -> list[dict[str, Any]]:
    """The column is empty in the rows of other groupings; needs and complaints have categories of their own."""
    return [queries.equals("group_by", grouping), queries.one_of("section", sections)]


def cross_filters(charts: dict[int, Chart]) -> dict[str, Any]:
    """Superset's configuration of filters by a click: on a group they reach the charts that show one group.

    A click on a quarter of a trend reaches nothing: the quarter is chosen above. Nor does one on a tile: the choice
    of the tile's own text would be on its way while the page that the link leads to is opened.
    """
    followers = [number for number, chart in charts.items() if chart.follows_groups]
    others = [number for number in charts if number not in followers]
    nowhere = {"rootPath": [], "excluded": list(charts)}
    return {
        "cross_filters_enabled": True,
        "global_chart_configuration": {
            "scope": {"rootPath": _WHOLE_PAGE, "excluded": others},
            "chartsInScope": followers,
        },
        "chart_configuration": {
            str(number): {
                "id": number,
                "crossFilters": {"scope": "global" if chart.chooses_by_a_click else nowhere, "chartsInScope": []},
            }
            for number, chart in charts.items()
        },
    }
