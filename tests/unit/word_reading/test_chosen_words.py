"""What is chosen from a short list is read by its words too: kinds of answer, and how far an action is."""

# ruff: noqa: E501 - phrases are easier to look through side by side

import pytest

from peer_challenge.model.vocabulary import RESPONSE_NAMES, ActionStatus, Kind, ResponseKind
from peer_challenge.word.answers.chosen_answers import read_response_kind, read_status
from tests.factories import a_filled
from tests.fill_form import fill_form
from tests.unit.submissions.test_in_word import read

ACTION = "development/1"
LEFT_OPEN = (
    "Complete: no", "Completed (no)", "Complete = N", "Started: no", "Started - no", "Finished? No", "Under way: N",
    "Complete 80%", "80% complete", "Done: 4 of 5", "Done 4/5", "Completed in draft", "Done in principle",
    "Done, but not signed off", "Done but for the data", "Complete bar one school", "Done except training",
    "Done once the Board agrees", "Done if funded", "Done when funding comes", "Complete pending sign-off",
    "Complete end May", "Completion due May", "Complete by Q3", "Complete Q3", "Complete: due in May",
    "Done in two districts", "Done for phase one only", "Complete for police only", "Complete for two of three",
    "Being completed", "Getting done", "We thought it was done", "Done, not signed off",
)  # fmt: skip
STILL_DONE = (
    "Done - no further action", "Completed: no issues", "100% complete", "Complete - see minutes", "Done ✓",
    "Completed: Yes", "Completed end May 2027", "Completed in 2026", "Completed in two weeks", "Green - done",
    "Done. If asked, we can show it.", "Completed in all schools",
)  # fmt: skip
NO_EVIDENCE = (
    "We need more evidence", "Unable to provide evidence", "Lack of evidence", "Evidence is lacking",
    "Evidence to follow", "More evidence is needed", "No further evidence", "Evidence requested",
)  # fmt: skip


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


@pytest.mark.parametrize("written", LEFT_OPEN)
def test_what_takes_an_answer_back_leaves_it_open(written: str) -> None:
    assert read_status(written) is None


@pytest.mark.parametrize("written", STILL_DONE)
def test_a_remark_leaves_an_action_done(written: str) -> None:
    assert read_status(written) is ActionStatus.DONE


@pytest.mark.parametrize("written", NO_EVIDENCE)
def test_evidence_that_is_not_there_is_no_kind_of_answer(written: str) -> None:
    assert read_response_kind(written) is None


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
