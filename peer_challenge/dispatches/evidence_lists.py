"""Files that came with a form, as documents speak of them: their names, where they are named, the file."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from peer_challenge.advice.identifying_details import find_identifying, list_known_names
from peer_challenge.dispatches.facts import EvidenceFacts, Facts
from peer_challenge.evidence.file_names import read_file_name
from peer_challenge.evidence.refusal_words import REFUSALS, Refusal
from peer_challenge.model.sentences import join_in_words
from peer_challenge.submissions.cell_text import find_label, name_files

_OWN_WORDS = ("strengths", "development")


def give_evidence_file(facts: Facts) -> bytes:
    """The copy of the file that goes, as it was made when the file was checked."""
    return facts.evidence[0].data


def name_evidence(file: EvidenceFacts) -> str:
    """What the file is called where only our own words may be: "2 Appendix C"."""
    label = find_label(file.name)
    return f"{file.number} {label}" if label else str(file.number)


def find_where_named(
    files: Sequence[EvidenceFacts], rows: Iterable[Mapping[str, object]]
) -> tuple[EvidenceFacts, ...]:
    """The files, each with the addresses of the rows whose answers name it ("see Appendix C")."""
    named: dict[int, list[str]] = {one.number: [] for one in files}
    for row in rows:
        text = "\n".join(str(row.get(column) or "") for column in _OWN_WORDS)
        for position in name_files(text, [one.name for one in files]):
            named[files[position].number].append(str(row["subheading"]))
    return tuple(replace(one, named_in=tuple(named[one.number])) for one in files)


def list_evidence(facts: Facts) -> list[dict[str, str]]:
    """The files that go with a pack: `what` each is called in its file name and by its area, and `where`."""
    titles = {address: held.title for address, held in facts.framework.subheadings.items()}
    areas = list_known_names(facts.cycle)
    return [
        {
            "what": f"Evidence {one.number}: {_show_name(_hide_identifying(one.name, areas))}",
            "where": join_in_words(titles.get(address, address) for address in one.named_in),
        }
        for one in facts.evidence
    ]


def show_evidence_of_row(facts: Facts, address: str) -> str:
    """The files that the answers of a sub-heading name: "With it: evidence 1, evidence 3"; empty for none."""
    numbers = [f"evidence {one.number}" for one in facts.evidence if address in one.named_in]
    return f"With this: {join_in_words(numbers)}" if numbers else ""


def describe_evidence_taken(facts: Facts) -> tuple[list[str], list[dict[str, str]]]:
    """For a receipt: the files that go to the challenger, and those that do not (`what`, `why`, `remedy`)."""
    going, staying = [], []
    for one in facts.evidence:
        name = _show_name(one.name) if one.name or one.refusal is None else "A file in the email"
        if one.refusal in (None, Refusal.AGAIN):
            going.append(f"{name}. {one.left_out}".rstrip(". ") if one.left_out else name)
        elif one.refusal is not None:
            words = REFUSALS[one.refusal]
            staying.append({"what": name, "why": words.message, "remedy": words.remedy})
    return going, staying


def _hide_identifying(name: str, areas: Sequence[str]) -> str:
    """A file's name, left out where it may itself say who somebody is."""
    return "a file whose name we leave out" if find_identifying(read_file_name(name), areas) else name


def _show_name(name: str) -> str:
    """A file's name on one line, without an ending that says nothing to a reader."""
    return re.sub(r"\s+", " ", name).strip() or "a file without a name"
