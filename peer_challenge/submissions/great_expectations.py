"""Running the check suites with Great Expectations. Importing this takes seconds: import it late."""

import os
import warnings
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from peer_challenge.model.vocabulary import Kind, Severity
from peer_challenge.submissions.check import Check, Row, Suite, Tables

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

with warnings.catch_warnings():  # those of its own imports are nobody's here
    warnings.simplefilter("ignore")
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )
    from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
    from great_expectations.expectations.expectation import BatchExpectation
    from great_expectations.expectations.expectation_configuration import parse_result_format
    from great_expectations.expectations.metadata_types import FailureSeverity
    from great_expectations.expectations.metrics.metric_provider import metric_value
    from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider
    from great_expectations.validator.metric_configuration import MetricConfiguration
    from great_expectations.validator.v1_validator import Validator
    from great_expectations.validator.validator import ValidationDependencies

_METRIC = "table.rows_that_break_rules"
_SEVERITIES = {
    Severity.REJECT: FailureSeverity.CRITICAL,
    Severity.QUERY: FailureSeverity.CRITICAL,
    Severity.WARN: FailureSeverity.WARNING,
    Severity.NOTE: FailureSeverity.INFO,
}
_LOCK = Lock()
_CONFIGURATIONS: dict[tuple[Any, ...], Any] = {}


class RowsThatBreakRules(TableMetricProvider):
    """The positions of the rows that break each rule.

    It reads a table with one column of booleans for each rule. It is worked out once for a table, whatever
    the number of expectations that use it.
    """

    metric_name = _METRIC
    value_keys = ()

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(cls, execution_engine: Any, metric_domain_kwargs: Any, **_: Any) -> dict[str, list[int]]:
        table, _domain, _accessor = execution_engine.get_compute_domain(
            metric_domain_kwargs, domain_type="table"
        )
        broken: dict[str, list[int]] = {str(rule): [] for rule in table.columns}
        for position, rule in zip(*table.to_numpy().nonzero(), strict=True):
            broken[str(table.columns[rule])].append(int(position))
        return broken


class ExpectRowsToKeepRule(BatchExpectation):
    """Expect every row of a table to keep one of our rules ("kind/code")."""

    rule: str
    metric_dependencies: ClassVar[tuple[str, ...]] = (_METRIC,)
    success_keys: ClassVar[tuple[str, ...]] = ("rule",)
    domain_keys: ClassVar[tuple[str, ...]] = ("batch_id", "table")

    @property
    def configuration(self) -> Any:
        """The expectation's configuration, made once: Great Expectations asks for it two dozen times."""
        key = (self.rule, self.batch_id, str(self.severity))
        if key not in _CONFIGURATIONS:
            _CONFIGURATIONS[key] = super().configuration
        return _CONFIGURATIONS[key]

    def get_validation_dependencies(
        self, execution_engine: Any = None, runtime_configuration: Any = None
    ) -> ValidationDependencies:
        """The one metric that all of a table's expectations share, without working it out for each."""
        metric = MetricConfiguration(_METRIC, {"batch_id": self.batch_id, "table": None})
        wanted = (runtime_configuration or {}).get("result_format", "BASIC")
        return ValidationDependencies({_METRIC: metric}, parse_result_format(wanted))

    def _validate(
        self, metrics: dict[Any, Any], runtime_configuration: Any = None, execution_engine: Any = None
    ) -> dict[str, Any]:
        broken = metrics[_METRIC][self.rule]
        return {
            "success": not broken,
            "result": {"observed_value": len(broken), "unexpected_index_list": broken},
        }


@cache
def batch_definition() -> Any:
    """The Great Expectations batch definition through which tables are checked, made once.

    Its context is ephemeral, sends nothing and shows no progress. It has no site for documents: nobody would
    build it, and every log would say so.
    """
    kept = InMemoryStoreBackendDefaults(init_temp_docs_sites=False)
    context = gx.get_context(mode="ephemeral", project_config=DataContextConfig(store_backend_defaults=kept))
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("submissions").add_dataframe_asset("tables")
    return asset.add_batch_definition_whole_dataframe("table")


@cache
def build_gx_suite(suite: Suite) -> Any:
    """A check suite as a suite of Great Expectations: one expectation for each check."""
    expectations = [_build_expectation(suite.kind, check) for check in suite.checks]
    return gx.ExpectationSuite(suite.kind.value, expectations)


def _build_expectation(kind: Kind, check: Check) -> ExpectRowsToKeepRule:
    return ExpectRowsToKeepRule(
        rule=f"{kind.value}/{check.code}",
        severity=_SEVERITIES[check.severity],
        description=f"{check.code}: {check.message}",
        meta={"code": check.code, "severity": check.severity.value, "remedy": check.remedy},
    )


def find_broken_rules(suite: Suite, tables: Tables) -> list[tuple[Check, Row]]:
    """Every broken rule with the row that breaks it, in the order of the tables.

    All tables are given to Great Expectations as one, which costs the same whatever their size. It is told
    only which row breaks which rule, and none of the words. Nothing is run when there are no rows. Raises
    RuntimeError when a check fails or was not run.
    """
    rows = [row for table in tables.values() for row in table]
    if not rows:
        return []
    truths = tabulate_broken_rules(suite, tables)
    with _LOCK:
        result = Validator(batch_definition(), "COMPLETE", {"dataframe": truths}).validate_expectation_suite(
            build_gx_suite(suite)
        )
    found = []
    for check, outcome in zip(suite.checks, result.results, strict=True):
        if "unexpected_index_list" not in outcome.result:
            raise RuntimeError(f"Great Expectations did not run {suite.kind.value}/{check.code}")
        found += [(position, check) for position in outcome.result["unexpected_index_list"]]
    return [(check, rows[position]) for position, check in sorted(found, key=lambda one: one[0])]


def tabulate_broken_rules(suite: Suite, tables: Tables) -> pd.DataFrame:
    """A table of booleans for Great Expectations: whether each row of each table breaks each rule.

    The columns are named "kind/code". Raises RuntimeError, which names the check, when a check fails.
    """
    broken = np.zeros((sum(map(len, tables.values())), len(suite.checks)), dtype=bool)
    start = 0
    for name, table in tables.items():
        for number, check in enumerate(suite.checks):
            if check.table == name:
                broken[start : start + len(table), number] = _apply_check_to_rows(check, table)
        start += len(table)
    return pd.DataFrame(broken, columns=[f"{suite.kind.value}/{check.code}" for check in suite.checks])


def _apply_check_to_rows(check: Check, table: list[Row]) -> list[bool]:
    try:
        return [check.breaks(row) for row in table]
    except Exception as error:
        # what the check stumbled on may quote what an area wrote: only its name is told
        raise RuntimeError(f"the check {check.code} failed with {type(error).__name__}") from None


def build_data_docs(into: Path) -> Path:
    """Build Great Expectations' Data Docs of every suite under `into`; returns the page to open."""
    import tempfile

    from peer_challenge.submissions.all_checks import SUITES

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
            expectations = [_build_expectation(kind, check) for check in suite.checks]
            context.suites.add(gx.ExpectationSuite(kind.value, expectations))
        context.build_data_docs()
    return into / "index.html"
