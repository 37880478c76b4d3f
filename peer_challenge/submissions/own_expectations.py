"""Expectations of ours, for rules that Great Expectations has no expectation for.

Each is a metric (what is asked of every value of a column) and a class that suites use, as Great
Expectations' guide to custom expectations says. What is asked is a plain function of its own, which tests
call without Great Expectations.
"""

from typing import Any, ClassVar

import pandas as pd

from peer_challenge.submissions import cell_text
from peer_challenge.submissions.load_great_expectations import (
    ColumnMapExpectation,
    ColumnMapMetricProvider,
    PandasExecutionEngine,
    column_condition_partial,
)
from peer_challenge.word.answers.private_links import has_private_link


class TextQuestion(ColumnMapMetricProvider):
    """A metric over texts: whether a question about each has the right answer.

    A column without texts keeps its shape.
    """

    question: ClassVar["staticmethod[[str], bool]"]
    right_answer: ClassVar[bool] = False

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: "pd.Series[str]", **_: Any) -> "pd.Series[bool]":
        answers = [cls.question(text) == cls.right_answer for text in column]
        return pd.Series(answers, index=column.index, dtype=bool)


class ColumnValuesNameEvidence(TextQuestion):
    """Whether each text says how its writer knows."""

    condition_metric_name = "column_values.name_evidence"
    question = staticmethod(cell_text.has_evidence)
    right_answer = True


class ExpectColumnValuesToNameEvidence(ColumnMapExpectation):
    """Expect each text to say how its writer knows: a source, a figure or an effect."""

    map_metric = "column_values.name_evidence"


class ColumnValuesKeepToStrengths(TextQuestion):
    """Whether each text is without a sentence that reads like an area for development."""

    condition_metric_name = "column_values.keep_to_strengths"
    question = staticmethod(cell_text.holds_development)


class ExpectColumnValuesToKeepToStrengths(ColumnMapExpectation):
    """Expect no text to have a sentence that reads like an area for development."""

    map_metric = "column_values.keep_to_strengths"


class ColumnValuesHoldNoPrivateLink(TextQuestion):
    """Whether each text is without a link that only its writer's organisation can open."""

    condition_metric_name = "column_values.hold_no_private_link"
    question = staticmethod(has_private_link)


class ExpectColumnValuesToHoldNoPrivateLink(ColumnMapExpectation):
    """Expect no text to have a link to a SharePoint, an intranet or a shared drive."""

    map_metric = "column_values.hold_no_private_link"


class ColumnValuesSayMoreThanToCome(TextQuestion):
    """Whether each text says more than that something is to come or stands elsewhere."""

    condition_metric_name = "column_values.say_more_than_to_come"
    question = staticmethod(cell_text.is_to_come)


class ExpectColumnValuesToSayMoreThanToCome(ColumnMapExpectation):
    """Expect each text to say more than "TBC" or "see above"."""

    map_metric = "column_values.say_more_than_to_come"


class ColumnValuesAreRoles(TextQuestion):
    """Whether each text is something other than a person's name."""

    condition_metric_name = "column_values.are_roles"
    question = staticmethod(cell_text.is_persons_name)


class ExpectColumnValuesToBeRoles(ColumnMapExpectation):
    """Expect no text to be a person's name without a role."""

    map_metric = "column_values.are_roles"
