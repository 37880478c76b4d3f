"""Suites as Great Expectations runs them. Importing this takes seconds: import it late."""

import os
import warnings
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

with warnings.catch_warnings():  # those of its own imports are nobody's here
    warnings.simplefilter("ignore")
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig
    from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
    from great_expectations.expectations.expectation import BatchExpectation
    from great_expectations.expectations.metadata_types import FailureSeverity
    from great_expectations.expectations.metrics.metric_provider import metric_value
    from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

import pandas as pd

from peer_challenge.submissions.suite import Check, Suite
from peer_challenge.vocabulary import Kind, Severity

_METRIC = "table.rows_that_break_the_rule"
_SEVERITIES = {
    Severity.REJECT: FailureSeverity.CRITICAL,
    Severity.QUERY: FailureSeverity.CRITICAL,
    Severity.WARN: FailureSeverity.WARNING,
    Severity.NOTE: FailureSeverity.INFO,
}
_LOCK = Lock()
_CONFIGURATIONS: dict[tuple[Any, ...], Any] = {}


class RowsThatBreakTheRule(TableMetricProvider):
    """The positions of the rows of a batch that break a rule."""

    metric_name = _METRIC
    value_keys = ("rule",)

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(
        cls, execution_engine: Any, metric_domain_kwargs: Any, metric_value_kwargs: Any, **_: Any
    ) -> list[int]:
        table, _domain, _accessor = execution_engine.get_compute_domain(
            metric_domain_kwargs, domain_type="table"
        )
        if table.empty:
            return []
        broken = _rule(metric_value_kwargs["rule"]).breaks(table)
        return [int(position) for position in table.index[broken.to_numpy(dtype=bool)]]


class ExpectRowsToKeepRule(BatchExpectation):
    """Expect every row of a table to keep one of our rules ("kind/code")."""

    rule: str
    metric_dependencies: ClassVar[tuple[str, ...]] = (_METRIC,)
    success_keys: ClassVar[tuple[str, ...]] = ("rule",)
    domain_keys: ClassVar[tuple[str, ...]] = ("batch_id", "table")

    @property
    def configuration(self) -> Any:
        """What the expectation is made from, made once: Great Expectations asks for it two dozen times."""
        key = (self.rule, self.batch_id, str(self.severity))
        if key not in _CONFIGURATIONS:
            _CONFIGURATIONS[key] = super().configuration
        return _CONFIGURATIONS[key]

    def _validate(
        self, metrics: dict[Any, Any], runtime_configuration: Any = None, execution_engine: Any = None
    ) -> dict[str, Any]:
        broken = metrics[_METRIC]
        return {
            "success": not broken,
            "result": {"observed_value": len(broken), "unexpected_index_list": broken},
        }


@cache
def _rule(name: str) -> Check:
    from peer_challenge.submissions.suites import SUITES

    kind, _, code = name.partition("/")
    return SUITES[Kind(kind)].check(code)


@cache
def _context() -> tuple[Any, Any]:
    """An ephemeral context that sends and shows nothing, and its way in for tables."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("submissions").add_dataframe_asset("tables")
    return context, asset.add_batch_definition_whole_dataframe("table")


@cache
def gx_suite(kind: Kind, table: str) -> Any:
    """The Great Expectations suite of one table of a kind."""
    from peer_challenge.submissions.suites import SUITES

    expectations = [_expectation(kind, check) for check in SUITES[kind].of_table(table)]
    return gx.ExpectationSuite(f"{kind.value} - {table}", expectations=expectations)


def _expectation(kind: Kind, check: Check) -> ExpectRowsToKeepRule:
    return ExpectRowsToKeepRule(
        rule=f"{kind.value}/{check.code}",
        severity=_SEVERITIES[check.severity],
        description=f"{check.code}: {check.message}",
        meta={"code": check.code, "severity": check.severity.value, "remedy": check.remedy},
    )


def run(suite: Suite, tables: Mapping[str, pd.DataFrame]) -> list[tuple[Check, int]]:
    """Every broken rule with the position of the row of its table that breaks it, in order."""
    found: list[tuple[Check, int]] = []
    with _LOCK:
        for name, table in tables.items():
            if not table.empty and suite.of_table(name):
                found += _run_table(suite, name, table.reset_index(drop=True))
    return found


def _run_table(suite: Suite, name: str, table: pd.DataFrame) -> list[tuple[Check, int]]:
    _, definition = _context()
    batch = definition.get_batch(batch_parameters={"dataframe": table})
    result = batch.validate(gx_suite(suite.kind, name), result_format="COMPLETE")
    found = []
    for outcome in result.results:
        if outcome.exception_info.get("raised_exception"):
            # what the check stumbled on may quote what an area wrote: only its name is told
            raise RuntimeError(f"the check {outcome.expectation_config.kwargs['rule']} failed to run")
        check = _rule(outcome.expectation_config.kwargs["rule"])
        found += [(check, position) for position in outcome.result["unexpected_index_list"]]
    return found


def build_data_docs(into: Path) -> Path:
    """Build Great Expectations' Data Docs of every suite under `into`; returns the page to open."""
    import tempfile

    from peer_challenge.submissions.suites import SUITES

    into.mkdir(parents=True, exist_ok=True)
    with _LOCK, tempfile.TemporaryDirectory() as folder:
        context = gx.get_context(mode="file", project_root_dir=folder)
        for name in list(context.get_site_names()):
            context.delete_data_docs_site(name)
        store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(into.resolve())}
        context.add_data_docs_site(
            "suites",
            {
                "class_name": "SiteBuilder",
                "store_backend": store,
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            },
        )
        for kind, suite in SUITES.items():
            for table in dict.fromkeys(check.table for check in suite.checks):
                expectations = [_expectation(kind, check) for check in suite.of_table(table)]
                context.suites.add(gx.ExpectationSuite(f"{kind.value} - {table}", expectations=expectations))
        context.build_data_docs()
    return into / "index.html"
