"""Whose document it is: from its own marks, else from its words, with the file's name only as a hint."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from peer_challenge.cycle import Cycle
from peer_challenge.findings import Finding
from peer_challenge.vocabulary import Kind
from peer_challenge.word import identity_marks as marks
from peer_challenge.word.area_names import Names
from peer_challenge.word.codes import Unreadable, finding
from peer_challenge.word.forms import CHALLENGED_BY
from peer_challenge.word.lore import Known
from peer_challenge.word.package import Package

_SENTENCE = 100  # letters, from which a heading is rather a sentence


@dataclass(slots=True)
class Identity:
    """What is known of whose document this is; `basis` as in Reading.identity_basis."""

    kind: Kind | None = None
    cycle: str | None = None
    participant: str | None = None
    challenger: str | None = None
    framework: str | None = None
    basis: str | None = None
    findings: list[Finding] = field(default_factory=list)


def properties_of(package: Package) -> dict[str, str]:
    """The document's custom properties by name; none when they are missing or damaged."""
    names = [r.target for r in package.relationships("").values() if r.type == "custom-properties"]
    for name in (*names, "docProps/custom.xml"):
        try:
            root = package.tree(name)
        except (KeyError, Unreadable):
            continue
        return {element.get("name") or "": "".join(element.itertext()).strip() for element in root}
    return {}


def marked_identity(properties: Mapping[str, str], known: Known) -> Identity:
    """What the marks say, checked against what is known; `basis` None when the kind is not marked."""
    kind = properties.get(marks.KIND)
    if kind not in tuple(Kind):
        return Identity(framework=properties.get(marks.FRAMEWORK) or None)
    found = Identity(
        Kind(kind),
        properties.get(marks.CYCLE) or None,
        properties.get(marks.PARTICIPANT) or None,
        properties.get(marks.CHALLENGER) or None,
        properties.get(marks.FRAMEWORK) or None,
        "marks",
    )
    _check(found, known)
    return found


def _check(found: Identity, known: Known) -> None:
    if found.cycle is not None and known.cycles and found.cycle not in known.cycles:
        found.findings.append(finding("identity.unknown_cycle"))
        return
    cycle = known.cycles.get(found.cycle or "")
    if cycle is None:
        return
    if found.framework is not None and found.framework != cycle.framework:
        found.findings.append(finding("identity.wrong_framework"))
    if found.participant is not None and found.participant not in cycle.participant:
        found.findings.append(finding("identity.unknown_participant"))


def complete(
    found: Identity, known: Known, front: Sequence[str], everything: Iterable[str], name: str
) -> None:
    """Fill in from the document's words what its marks don't say.

    `front` are its headings, headers and particulars; `everything` all its text; `name` the file's.
    """
    if found.findings:
        return
    if found.cycle is None:
        found.cycle = _cycle_in(front, known) or _only(known.cycles)
        if found.cycle is None and known.cycles:
            found.findings.append(finding("identity.no_cycle"))
        if found.cycle is not None and found.basis is None:
            found.basis = "content"
    cycle = known.cycles.get(found.cycle or "")
    if found.participant is not None:
        if cycle is not None:
            _compare(found, known.names_in([cycle]), front)
        return
    _find_participant(found, known, front, everything, name)


def _only(cycles: Mapping[str, Cycle]) -> str | None:
    return next(iter(cycles)) if len(cycles) == 1 else None


def _cycle_in(front: Sequence[str], known: Known) -> str | None:
    text = "\n".join(front).casefold()
    named = [c.id for c in known.cycles.values() if c.name.casefold() in text or c.id in text]
    return named[0] if len(named) == 1 else None


def _find_participant(
    found: Identity, known: Known, front: Sequence[str], everything: Iterable[str], name: str
) -> None:
    cycle = known.cycles.get(found.cycle or "")
    cycles = [cycle] if cycle else list(known.cycles.values())
    names = known.names_in(cycles)
    if not names:
        found.findings.append(finding("identity.no_participant"))
        return
    if cycle is not None and (titled := _titled(cycle, names, front)):
        found.participant, found.challenger = titled
        found.basis = "content"
        return
    of_front = [named for text in front if (named := names.found_in(text))]
    named = set().union(*of_front)
    if not named:
        in_all = [names.found_in(text) for text in everything]
        named = set().union(*in_all)
        named = named if len(named) == 1 else set()
    if len(named) == 1:
        found.participant, found.basis = named.pop(), "content"
    elif named:
        is_joint = any(len(together) > 1 for together in of_front)
        found.findings.append(finding("identity.joint" if is_joint else "identity.ambiguous"))
    else:
        _by_file_name(found, names, name)


def _titled(cycle: Cycle, names: Names, front: Sequence[str]) -> tuple[str, str | None] | None:
    """Author and challenger where one line says them together with the cycle's name, as our forms do.

    None when it does not, or when another heading or particular names somebody else: then we ask.
    Whole sentences may, as the one that tells an author who asks the questions.
    """
    name = cycle.name.casefold()
    lines = {" ".join(text.split()) for text in front if name in text.casefold()}
    said = {pair for line in lines if (pair := _pair_in(line, names))}
    if len(said) != 1:
        return None
    author, challenger = said.pop()
    others = set().union(*(names.found_in(text) for text in front if len(text) < _SENTENCE))
    return None if others - {author, challenger} else (author, challenger)


def _pair_in(line: str, names: Names) -> tuple[str, str | None] | None:
    author, by, challenger = line.partition(CHALLENGED_BY)
    authors, challengers = names.found_in(author), names.found_in(challenger)
    if len(authors) != 1 or (by and len(challengers) != 1):
        return None
    return authors.pop(), challengers.pop() if challengers else None


def _by_file_name(found: Identity, names: Names, name: str) -> None:
    hinted = names.found_in(re.sub(r"[_\-.]+", " ", name))
    if len(hinted) == 1:
        found.participant, found.basis = hinted.pop(), "file name"
        found.findings.append(finding("identity.from_file_name"))
    else:
        found.findings.append(finding("identity.no_participant"))


def _compare(found: Identity, names: Names, front: Sequence[str]) -> None:
    """A form made for one area whose heading names only others was filled in by somebody else."""
    named = set().union(*(names.found_in(text) for text in front))
    if named and not named & {found.participant, found.challenger}:
        found.findings.append(finding("identity.other_area_named"))
