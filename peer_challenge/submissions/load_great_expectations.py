"""Great Expectations, loaded one way: all of its names that we use come from here.

It sends nothing to its makers. Loading it takes seconds, so only the checking process, and commands that
need the suites, import this module.
"""

import os
import warnings

from peer_challenge.system.load_when_used import load_when_used

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

_HARDLY_USED = ("altair", "scipy", "scipy.stats")
"""What it imports for charts and tests of distributions, which no check of ours has: a third of its time."""

with load_when_used(*_HARDLY_USED), warnings.catch_warnings():  # those of its own imports are nobody's here
    warnings.simplefilter("ignore")
    import great_expectations as gx
    import great_expectations.expectations as gxe
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )
    from great_expectations.execution_engine import PandasExecutionEngine
    from great_expectations.expectations.expectation import ColumnMapExpectation
    from great_expectations.expectations.metadata_types import FailureSeverity
    from great_expectations.expectations.metrics import ColumnMapMetricProvider, column_condition_partial
    from great_expectations.expectations.row_conditions import Column

__all__ = [
    "Column",
    "ColumnMapExpectation",
    "ColumnMapMetricProvider",
    "DataContextConfig",
    "FailureSeverity",
    "InMemoryStoreBackendDefaults",
    "PandasExecutionEngine",
    "ProgressBarsConfig",
    "column_condition_partial",
    "gx",
    "gxe",
]
