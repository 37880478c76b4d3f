"""What documents say of the files that came with a form."""

from dataclasses import replace

from peer_challenge.dispatches.evidence_lists import describe_evidence_taken, list_evidence
from peer_challenge.dispatches.facts import EvidenceFacts
from peer_challenge.dispatches.samples.sample_facts import sample_facts
from peer_challenge.evidence.refusal_words import Refusal
from peer_challenge.model.vocabulary import DispatchKind as D


def test_a_name_that_may_say_who_a_child_is_is_not_printed_in_the_pack() -> None:
    files = [EvidenceFacts(1, "Chronology_Jayden_Smith_aged_7.docx"), EvidenceFacts(2, "Hub audit.pdf")]
    listed = list_evidence(replace(sample_facts(D.ANALYSIS_PACK), evidence=tuple(files)))
    assert [one["what"] for one in listed] == [
        "Evidence 1: a file whose name we leave out",
        "Evidence 2: Hub audit.pdf",
    ]


def test_a_file_that_may_be_another_areas_is_not_named_in_a_receipt() -> None:
    file = EvidenceFacts(1, "", refusal=Refusal.SEVERAL)
    going, [staying] = describe_evidence_taken(replace(sample_facts(D.RECEIPT), evidence=(file,)))
    assert going == [] and staying["what"] == "A file in the email"
    assert "not clear whose file it is" in staying["why"]
