"""The name of a cycle in a form's title is known whatever its apostrophe, spaces and accents."""

import pytest

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.model.vocabulary import Kind
from peer_challenge.word.answers.identity_evidence import Identity, collect_evidence, find_cycle
from peer_challenge.word.form.known_before_reading import Known
from tests.factories import a_cycle

NAMED = a_cycle(4).model_copy(update={"id": "named", "name": "Duke’s Chéster round"})
OTHER = a_cycle(4).model_copy(update={"id": "other", "name": "Another round"})
KNOWN = Known(shipped_frameworks(), {cycle.id: cycle for cycle in (NAMED, OTHER)})
AREA = NAMED.authors[0]


@pytest.mark.parametrize(
    "written",
    [
        "Duke’s Chéster round",
        "Duke's Chéster round",
        "DUKE'S\u00a0Chéster  round",
        "Duke’s Che\u0301ster round",
    ],
)
def test_a_title_with_the_name_of_a_cycle_says_cycle_and_area(written: str) -> None:
    front = [f"{AREA.name} – {written}"]
    found = Identity(Kind.SELF_ASSESSMENT)
    find_cycle(found, KNOWN, front)
    assert found.cycle == NAMED.id
    evidence = collect_evidence(found, KNOWN, front, front, "form.docx")
    assert evidence.titled == ((AREA.id, None),)
