"""Running the check suites with Great Expectations. Importing this takes seconds: import it late."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain
from threading import Lock
from typing import Any

import pandas as pd

from peer_challenge.model.vocabulary import Severity
from peer_challenge.submissions.check_suite import Check, Row, Suite, TableName, Tables
from peer_challenge.submissions.load_great_expectations import (
    DataContextConfig,
    FailureSeverity,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
    gx,
)

_SEVERITIES = {
    Severity.REJECT: FailureSeverity.CRITICAL,
    Severity.QUERY: FailureSeverity.CRITICAL,
    Severity.WARN: FailureSeverity.WARNING,
    Severity.NOTE: FailureSeverity.INFO,
}
_PLACE = "place_in_table"
_WHETHER = {"result_format": "BOOLEAN_ONLY"}
_WHERE = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": [_PLACE],
    "exclude_unexpected_values": True,  # so that no result holds what somebody wrote
    "return_unexpected_index_query": False,
}
_LOCK = Lock()


def find_broken_rules(suite: Suite, tables: Tables) -> list[tuple[Check, Row]]:
    """Every broken rule with the row that breaks it, in the order of the tables, their rows and the checks.

    Raises RuntimeError, which names the check, when a check fails or was not run.
    """
    order = {check.code: number for number, check in enumerate(suite.checks)}
    with _LOCK:
        return [
            (suite.checks[order[code]], rows[place])
            for name, rows in tables.items()
            for place, code in sorted(
                _find_in_table(suite, name, rows), key=lambda found: (found[0], order[found[1]])
            )
        ]


def _find_in_table(suite: Suite, name: TableName, rows: list[Row]) -> Iterator[tuple[int, str]]:
    """The places of the rows that break each check of a table. Nothing is run where there are no rows.

    All checks are asked first whether any row breaks them. Only those that say so, which are few, are asked
    where: that costs twice as much.
    """
    checks = {check.code: check for check in suite.list_checks_of(name)}
    if not checks or not rows:
        return
    batch = make_batch_definition().get_batch({"dataframe": _build_frame(rows, _list_columns(suite, name))})
    whether = batch.validate(build_gx_suite(suite, name), result_format=_WHETHER)
    broken = [_code_of(result) for result in whether.results if not result.success]
    if broken:
        asked = gx.ExpectationSuite(name, [build_expectation(checks[code]) for code in broken])
        for result in batch.validate(asked, result_format=_WHERE).results:
            yield from ((place, _code_of(result)) for place in _places_in(result))


def _code_of(result: Any) -> str:
    return str(result.expectation_config.meta["code"])


def _places_in(result: Any) -> Iterator[int]:
    """The places of the rows that break a check, of which at least one does.

    Raises RuntimeError where none is told. What the check stumbled on may quote what an area wrote, so only
    the check's code is told.
    """
    places = [place for found in result.result.get("unexpected_index_list") or () for place in found[_PLACE]]
    if not places:
        raise RuntimeError(f"the check {_code_of(result)} failed or was not run")
    yield from map(int, places)


def _build_frame(rows: list[Row], columns: Iterable[str]) -> pd.DataFrame:
    """A table with the columns that its checks name, and each row's place in it."""
    values = {column: [row[column] for row in rows] for column in columns}
    return pd.DataFrame({_PLACE: range(len(rows)), **values})


@cache
def make_batch_definition() -> Any:
    """The batch definition through which tables are checked, made once.

    Its context is ephemeral, sends nothing and shows no progress. It has no site for documents: nobody would
    build it, and every log would say so.
    """
    kept = InMemoryStoreBackendDefaults(init_temp_docs_sites=False)
    context = gx.get_context(mode="ephemeral", project_config=DataContextConfig(store_backend_defaults=kept))
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("submissions").add_dataframe_asset("tables")
    return asset.add_batch_definition_whole_dataframe("table")


@cache
def build_gx_suite(suite: Suite, name: TableName) -> Any:
    """The checks of one table as a suite of Great Expectations."""
    expectations = [build_expectation(check) for check in suite.list_checks_of(name)]
    return gx.ExpectationSuite(name_gx_suite(suite, name), expectations)


def name_gx_suite(suite: Suite, name: TableName) -> str:
    """What Great Expectations calls the checks of one table: "response.answers"."""
    return f"{suite.kind.value}.{name}"


def build_expectation(check: Check, **said: object) -> Any:
    """What a check expects, with the check's code and severity, and anything else that is `said` of it."""
    facts = {"meta": {"code": check.code}, "severity": _SEVERITIES[check.severity], **said}
    return check.expects.copy(update=facts)


@cache
def _list_columns(suite: Suite, name: TableName) -> tuple[str, ...]:
    """The columns that the checks of a table name, and no others: a check is given only what it needs."""
    of_table = (check.expects for check in suite.list_checks_of(name))
    return tuple(dict.fromkeys(chain.from_iterable(find_named_columns(e.dict()) for e in of_table)))


def find_named_columns(told: Any) -> Iterator[str]:
    """The columns that an expectation, as a dict, names for itself and in its row condition."""
    if isinstance(told, Mapping):
        for key, value in told.items():
            if key in ("column", "column_A", "column_B"):
                yield value["name"] if isinstance(value, Mapping) else value
            else:
                yield from value if key == "column_list" else find_named_columns(value)
    elif isinstance(told, list):
        for part in told:
            yield from find_named_columns(part)
