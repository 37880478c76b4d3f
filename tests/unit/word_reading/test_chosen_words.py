"""What is chosen from a short list is read by its words too: kinds of answer, and how far an action is."""

import pytest

from peer_challenge.model.vocabulary import RESPONSE_NAMES, ActionStatus, Kind, ResponseKind
from tests.factories import a_filled
from tests.fill_form import fill_form
from tests.unit.submissions.test_in_word import read

ACTION = "development/1"


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("Done", ActionStatus.DONE),
        ("Completed in May", ActionStatus.DONE),
        ("Under way", ActionStatus.UNDER_WAY),
        ("Started", ActionStatus.UNDER_WAY),
        ("Not started", ActionStatus.NOT_STARTED),
        ("not yet begun", ActionStatus.NOT_STARTED),
        ("Yet to start", ActionStatus.NOT_STARTED),
        ("Dropped", ActionStatus.DROPPED),
        ("Not done", None),
        ("Not yet complete", None),
        ("Done, not started the second part", None),
    ],
)
def test_how_far_an_action_is(written: str, status: ActionStatus | None) -> None:
    reading = read(fill_form(a_filled(Kind.PROGRESS_REPORT), {(ACTION, "status"): written}))
    row = next(item for item in reading.items if item["address"] == ACTION)
    assert row["status"] == (status.value if status else None)
    asked = {finding.code for finding in reading.findings if finding.subheading == ACTION}
    assert ("progress.status_unclear" in asked) == (status is None)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        *((name, kind) for kind, name in RESPONSE_NAMES.items()),
        ("Acknowledgement", ResponseKind.ACKNOWLEDGEMENT),  # as forms of an earlier layout say it
        ("Update", ResponseKind.UPDATE),
        ("More evidence", ResponseKind.FURTHER_EVIDENCE),
        ("Further evidence, and action taken since", None),
    ],
)
def test_the_kind_of_an_answer(written: str, kind: ResponseKind | None) -> None:
    filled = a_filled(Kind.RESPONSE)
    address = next(str(row["subheading"]) for row in read(filled).rows if row["response"])
    reading = read(fill_form(filled, {(address, "response_kind"): written}))
    row = next(row for row in reading.rows if row["subheading"] == address)
    assert row["response_kind"] == (kind.value if kind else None)
