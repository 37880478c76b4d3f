"""Expectations of ours, for rules that Great Expectations has no expectation for.

Each is a metric (what is asked of every value of a column) and a class that suites use, as Great
Expectations' guide to custom expectations says. What is asked is a plain function of its own, which tests
call without Great Expectations.
"""

from collections.abc import Callable
from typing import Any

import pandas as pd

from peer_challenge.submissions import cell_text
from peer_challenge.submissions.gx import (
    ColumnMapExpectation,
    ColumnMapMetricProvider,
    PandasExecutionEngine,
    column_condition_partial,
)
from peer_challenge.word.answers.private_links import has_private_link


def _ask_of_each(question: Callable[[str], bool], texts: "pd.Series[str]") -> "pd.Series[bool]":
    """The answer to a question about each text; a column without texts keeps its shape."""
    return pd.Series([question(text) for text in texts], index=texts.index, dtype=bool)


class ColumnValuesNameEvidence(ColumnMapMetricProvider):
    """Whether each text says how its writer knows."""

    condition_metric_name = "column_values.name_evidence"

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: "pd.Series[str]", **_: Any) -> "pd.Series[bool]":
        return _ask_of_each(cell_text.has_evidence, column)


class ExpectColumnValuesToNameEvidence(ColumnMapExpectation):
    """Expect each text to say how its writer knows: a source, a figure or an effect."""

    map_metric = "column_values.name_evidence"


class ColumnValuesKeepToStrengths(ColumnMapMetricProvider):
    """Whether each text is without a sentence that reads like an area for development."""

    condition_metric_name = "column_values.keep_to_strengths"

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: "pd.Series[str]", **_: Any) -> "pd.Series[bool]":
        return ~_ask_of_each(cell_text.holds_development, column)


class ExpectColumnValuesToKeepToStrengths(ColumnMapExpectation):
    """Expect no text to have a sentence that reads like an area for development."""

    map_metric = "column_values.keep_to_strengths"


class ColumnValuesHoldNoPrivateLink(ColumnMapMetricProvider):
    """Whether each text is without a link that only its writer's organisation can open."""

    condition_metric_name = "column_values.hold_no_private_link"

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: "pd.Series[str]", **_: Any) -> "pd.Series[bool]":
        return ~_ask_of_each(has_private_link, column)


class ExpectColumnValuesToHoldNoPrivateLink(ColumnMapExpectation):
    """Expect no text to have a link to a SharePoint, an intranet or a shared drive."""

    map_metric = "column_values.hold_no_private_link"


class ColumnValuesSayMoreThanToCome(ColumnMapMetricProvider):
    """Whether each text says more than that something is to come or stands elsewhere."""

    condition_metric_name = "column_values.say_more_than_to_come"

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: "pd.Series[str]", **_: Any) -> "pd.Series[bool]":
        return ~_ask_of_each(cell_text.is_to_come, column)


class ExpectColumnValuesToSayMoreThanToCome(ColumnMapExpectation):
    """Expect each text to say more than "TBC" or "see above"."""

    map_metric = "column_values.say_more_than_to_come"


class ColumnValuesAreRoles(ColumnMapMetricProvider):
    """Whether each text is something other than a person's name."""

    condition_metric_name = "column_values.are_roles"

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: "pd.Series[str]", **_: Any) -> "pd.Series[bool]":
        return ~_ask_of_each(cell_text.is_persons_name, column)


class ExpectColumnValuesToBeRoles(ColumnMapExpectation):
    """Expect no text to be a person's name without a role."""

    map_metric = "column_values.are_roles"
