"""Which files of an email are forms to take in, which are evidence beside them, and what is wrong with it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from peer_challenge.intake.emails.email_findings import (
    SEVERAL_VERSIONS,
    find_unread_parts,
    make_email_finding,
    make_no_form_finding,
)
from peer_challenge.intake.emails.message_content import Envelope
from peer_challenge.intake.emails.opened_email import OpenedEmail, OpenedPart
from peer_challenge.intake.emails.part_sorts import Sort
from peer_challenge.model.vocabulary import Severity
from peer_challenge.register.received_emails import Attachment
from peer_challenge.word.answers.reading import Reading

_BLANK = "form.blank"


@dataclass(frozen=True, slots=True)
class EmailOrigin:
    """The email that a document came in: its file's hash and size, and the messages that it lay in.

    `envelopes` are those messages, outermost first. `attachments` are the other files of the email. `ending`
    is the kind of its file: ".eml", ".msg", ".zip" and the like. `forms` is how many of its documents are
    taken in, each by itself.
    """

    sha256: str
    size: int
    envelopes: tuple[Envelope, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    ending: str = ".eml"
    forms: int = 1


@dataclass(frozen=True, slots=True)
class DeliveredForm:
    """A document that came in an email: its reading, what its file is called, and the email."""

    reading: Reading
    name: str
    origin: EmailOrigin


def choose_forms(
    email: OpenedEmail, readings: Mapping[int, Reading], hashes: Mapping[int, str], whole: Reading, name: str
) -> list[DeliveredForm]:
    """What is taken in of an email: each form in it; without any, the email itself with the reason.

    `readings` are those of its documents, and `hashes` those of all that was archived, by the number of the
    part. `whole` is a reading of the email's file that has only its hash and size; `name` is what that file
    is called.
    """
    if email.failure:
        whole.findings.append(make_email_finding(email.failure))
        return [DeliveredForm(whole, name, EmailOrigin(whole.sha256, whole.size, ending=email.ending))]
    chosen = _Choice(email.parts, readings)
    beside = tuple(chosen.attachments(hashes))
    origin = EmailOrigin(whole.sha256, whole.size, attachments=beside, ending=email.ending)
    if not chosen.taken:
        whole.findings.append(make_no_form_finding((chosen.what(n) for n in chosen.beside()), email.problems))
        outer = tuple(email.envelopes[:1])
        return [DeliveredForm(whole, name, replace(origin, envelopes=outer))]
    names = [one.name for one in beside if one.sha256 and one.name]
    delivered = []
    for number, reading in chosen.taken.items():
        part = email.parts[number]
        reading.attachments += names
        reading.findings += find_unread_parts(email.problems)
        origin = replace(origin, forms=len(chosen.taken))
        lay_in = tuple(email.envelopes[outer] for outer in part.trail)
        delivered.append(DeliveredForm(reading, part.name or "document", replace(origin, envelopes=lay_in)))
    return delivered


class _Choice:
    """`taken` are the readings to take in, by the number of their part; everything else lies beside them."""

    def __init__(self, parts: Sequence[OpenedPart], readings: Mapping[int, Reading]) -> None:
        self._parts, self._readings = parts, readings
        self._called: dict[int, str] = {}
        self.taken: dict[int, Reading] = {}
        self._again: set[int] = set()
        first: dict[str, int] = {}
        for number in sorted(readings, key=lambda number: (len(parts[number].trail), number)):
            if first.setdefault(readings[number].sha256, number) != number:
                self._again.add(number)  # the same file once more, as a forwarded email brings it
        forms = {n: one for n, one in readings.items() if n not in self._again and _is_to_be_taken(one)}
        for group in _group_versions(forms):
            self._take_group(group)
        self.taken = dict(sorted(self.taken.items()))

    def _take_group(self, group: Sequence[int]) -> None:
        """Take in the one version of a form that there is; ask which counts where there are several."""
        written = [number for number in group if not _is_blank(self._readings[number])] or group[:1]
        self._called |= {number: "blank" for number in group if number not in written}
        if len(written) == 1:
            self.taken[written[0]] = self._readings[written[0]]
            return
        *others, last = written
        self._called |= dict.fromkeys(others, "version")
        asked = make_email_finding(SEVERAL_VERSIONS.code, count=len(written))
        self.taken[last] = replace(
            self._readings[last], rows=[], items=[], particulars={}, unmapped=[], findings=[asked]
        )

    def what(self, number: int) -> str:
        """What sort of file a part is: a key of PART_NAMES."""
        return self._called.get(number, self._parts[number].what)

    def beside(self) -> list[int]:
        """The parts that are not taken in, without what came twice."""
        return [n for n in range(len(self._parts)) if n not in self.taken and n not in self._again]

    def attachments(self, hashes: Mapping[int, str]) -> Iterable[Attachment]:
        """What lies beside the forms. Texts of the email are not listed, nor is a blank form kept."""
        for position, number in enumerate((n for n in self.beside() if self.what(n) != "text"), 1):
            part, what = self._parts[number], self.what(number)
            is_kept = part.sort is not Sort.ASIDE and what != "blank"
            yield Attachment(position, part.name, what, part.size, hashes.get(number) if is_kept else None)


def _is_to_be_taken(reading: Reading) -> bool:
    """Whether a document of an email is a form, or may be one that can't be opened: the sender is told."""
    is_unreadable = any(
        found.severity is Severity.REJECT and found.code.startswith("open.") for found in reading.findings
    )
    return reading.kind is not None or is_unreadable


def _is_blank(reading: Reading) -> bool:
    return any(found.code == _BLANK for found in reading.findings)


def _group_versions(forms: Mapping[int, Reading]) -> list[list[int]]:
    """The numbers of the forms, those of one area and kind together; a form in doubt is by itself."""
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for number, form in forms.items():
        is_certain = form.kind is not None and form.participant is not None
        key = (form.kind, form.cycle, form.participant, form.challenger) if is_certain else (number,)
        groups[key].append(number)
    return list(groups.values())
