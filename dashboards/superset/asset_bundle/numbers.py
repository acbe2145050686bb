"""What the dataset of published numbers has beside its mart: a metric each, a column each grouping, numbers as text.

The dataset holds a row a metric, period and group. Nothing here combines rows: a mean of rates would be wrong, and
quantiles cannot be combined. Each expression picks the published row.
"""

from __future__ import annotations

from .definitions import RATE, Definitions, Metric
from .tiles import tile_sql
from .units import change_text_sql, rounded_sql, text_sql

# A filter on a department, a branch … leaves that group's rows only; without one the row of the whole bank is taken.
# With several periods (a chart without the quarter filter) it is the latest. Who sees own branches only has no row of
# the bank: of several branches none is picked, as any one would pass for all.
_PICKED = "concat(period, case when group_by = 'all' then '1' else '0' end)"
_ONE_GROUP = "bool_or(group_by = 'all'){where} or min(group_value){where} = max(group_value){where}"
PERIOD_LABEL = "period_label"
METRIC_LABEL = "metric_label"
VALUE_TEXT = "value_text"
PREVIOUS_TEXT = "previous_text"
CHANGE_TEXT = "change_text"
YEAR_CHANGE_TEXT = "year_change_text"
REMARK = "remark"
TILE_COLUMN = "tile"
BRANCH_ID = "branch_id"
_TABLE = "numbers"

TITLES = {
    PERIOD_LABEL: {"zh": "季度", "en": "Quarter"},
    METRIC_LABEL: {"zh": "指标", "en": "Metric"},
    VALUE_TEXT: {"zh": "数值", "en": "Value"},
    PREVIOUS_TEXT: {"zh": "上季", "en": "Quarter before"},
    CHANGE_TEXT: {"zh": "较上季", "en": "Change"},
    YEAR_CHANGE_TEXT: {"zh": "较上年同季", "en": "Change on year"},
    "n": {"zh": "样本量", "en": "n"},
    REMARK: {"zh": "备注", "en": "Remark"},
    "small_samples": {"zh": "样本不足的比率", "en": "Rates on small samples"},
}
_IN_PROGRESS = {"zh": "（进行中）", "en": " (in progress)"}
_REMARKS = {"zh": ("；", "本季进行中", "样本少"), "en": ("; ", "quarter in progress", "small sample")}
_VERDICTS = {"zh": ("  改善", "  变差"), "en": ("  better", "  worse")}
_ALL_RATES = {"zh": "全部比率", "en": "all rates"}


def picked(expression: str, metric: str = "") -> str:
    """SQL of an expression on the row that the filters leave: of the chosen group, of the latest chosen period.

    `arg_max_null`, as `arg_max` would pass over an empty number and show an older quarter's.

    Args:
        expression: over the columns of the dataset.
        metric: the metric whose rows are looked at, where the filters leave others too.
    """
    where = f" filter (where metric = '{metric}')" if metric else ""
    one_group = _ONE_GROUP.format(where=where)
    return f"case when {one_group} then arg_max_null({expression}, {_PICKED}){where} end"


def value_sql(metric: Metric, condition: str = "") -> str:
    """SQL of a metric's published number."""
    shown = f"case when {condition} then value end" if condition else "value"
    return picked(shown, metric.name)


def small_samples_sql(language: str) -> str:
    """SQL of the names of the rates in a row that rest on fewer cases than may be relied on."""
    small = f"list(distinct metric_label_{language}) filter (where is_small and unit = '{RATE}')"
    every = f"count(distinct metric) filter (where unit = '{RATE}')"
    names = f"coalesce(array_to_string(list_sort({small}), ', '), '')"
    return f"case when len({small}) = {every} then '{_ALL_RATES[language]}' else {names} end"


def dataset_sql(table: str, definitions: Definitions, language: str) -> str:
    """SQL of the dataset: the mart with the columns of presentation beside its own.

    Short on purpose, a column built on the one before: Superset parses it with every request.
    """
    columns = {**_group_columns(definitions, language), **_steps(), **_texts(language)}
    computed = ", ".join(f"{sql} as {name}" for name, sql in columns.items())
    forms = definitions.units(language).join_sql(f"{_TABLE}.unit")
    return f"select {_TABLE}.*, {computed} from {table} as {_TABLE} {forms}"


def computed_columns(definitions: Definitions, language: str) -> dict[str, str]:
    """Name → label of the columns of presentation: a column a grouping, and numbers as text."""
    groups = {grouping.name: grouping.labels[language] for grouping in definitions.groupings()}
    texts = {name: TITLES[name][language] for name in _texts(language) if name in TITLES}
    return groups | texts | {TILE_COLUMN: TILE_COLUMN}


def _group_columns(definitions: Definitions, language: str) -> dict[str, str]:
    return {
        grouping.name: f"case when group_by = '{grouping.name}' then group_label_{language} end"
        for grouping in definitions.groupings()
    }


def _steps() -> dict[str, str]:
    """What the texts are made of, and whose a row is."""
    return {
        BRANCH_ID: "case when group_by = 'branch' then group_value end",
        "change_shown": rounded_sql("change_previous"),
        "year_change_shown": rounded_sql("change_year_before"),
        # 1 better, -1 worse, 0 neither: by what is written, so that a change of 0.0 is none.
        "change_verdict": _verdict_sql("change_shown"),
        "year_change_verdict": _verdict_sql("year_change_shown"),
    }


def _verdict_sql(shown: str) -> str:
    return f"case direction when 'higher' then sign({shown}) when 'lower' then -sign({shown}) else 0 end"


def _texts(language: str) -> dict[str, str]:
    separator, in_progress, small = _REMARKS[language]
    better, worse = _VERDICTS[language]
    return {
        # A string, so that no axis shifts it by a time zone.
        PERIOD_LABEL: f"case when in_progress then concat(period, '{_IN_PROGRESS[language]}') else period end",
        METRIC_LABEL: f"metric_label_{language}",
        VALUE_TEXT: text_sql(rounded_sql("value"), "suffix"),
        PREVIOUS_TEXT: text_sql(rounded_sql("previous_value"), "suffix"),
        "change_said": change_text_sql("change_shown"),
        "year_change_said": change_text_sql("year_change_shown"),
        CHANGE_TEXT: f"concat(change_said, case change_verdict when 1 then '{better}' when -1 then '{worse}' end)",
        YEAR_CHANGE_TEXT: (
            f"concat(year_change_said, case year_change_verdict when 1 then '{better}' when -1 then '{worse}' end)"
        ),
        "small_estimate": "is_small and unit <> 'count'",
        REMARK: (
            f"concat_ws('{separator}', case when in_progress then '{in_progress}' end,"
            f" case when small_estimate then '{small}' end)"
        ),
        TILE_COLUMN: tile_sql(language),
    }


def verdict_words(language: str) -> tuple[str, str]:
    """The words for better and worse, as they stand behind a change."""
    better, worse = _VERDICTS[language]
    return better.strip(), worse.strip()
