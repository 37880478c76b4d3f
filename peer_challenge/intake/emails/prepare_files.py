"""From a file to the documents in it: an email's are taken out and read, any other file is one document."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from peer_challenge.intake.emails.email_forms import DeliveredForm, EmailOrigin, choose_forms
from peer_challenge.intake.emails.open_email import ending_of_email, holds_email
from peer_challenge.intake.emails.opened_email import OpenedEmail
from peer_challenge.intake.emails.opening_process import open_email_within_bounds
from peer_challenge.intake.emails.part_sorts import Sort
from peer_challenge.register.archive import sha256_of
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.package.reading_limits import Limits


@dataclass(frozen=True, slots=True)
class Delivered:
    """A document of a file: its reading, what it is called, and the email that it came in, if it did."""

    reading: Reading
    name: str
    origin: EmailOrigin | None = None


@dataclass(slots=True)
class PreparedFile:
    """A file whose documents are to be read: one, or those of an email."""

    name: str
    sha256: str
    size: int
    email: OpenedEmail | None = None
    hashes: dict[int, str] = field(default_factory=dict)
    _documents: list[tuple[int, str, bytes]] = field(default_factory=list)

    def documents(self) -> Iterator[tuple[str, bytes]]:
        """The name and bytes of each document, each given once: their bytes are not kept."""
        while self._documents:
            _, name, data = self._documents.pop(0)
            yield name, data

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the email's parts that are documents, in the order in which they are given."""
        return (
            tuple(n for n, part in enumerate(self.email.parts) if part.sort is Sort.DOCUMENT)
            if self.email
            else ()
        )

    @property
    def count(self) -> int:
        """How many documents it has."""
        return len(self.numbers) if self.email else 1

    def deliver(self, readings: Sequence[Reading]) -> list[Delivered]:
        """What is taken in of the file, from the readings of its documents in their order."""
        if self.email is None:
            return [Delivered(readings[0], self.name)]
        by_number = dict(zip(self.numbers, readings, strict=True))
        whole = Reading(self.sha256, self.size)
        forms: list[DeliveredForm] = choose_forms(self.email, by_number, self.hashes, whole, self.name)
        return [Delivered(form.reading, form.name, form.origin) for form in forms]


def prepare_file(
    name: str, data: bytes, limits: Limits, keep: Callable[[bytes], str] = sha256_of
) -> PreparedFile:
    """Open a file as far as its documents; `keep` gets each that an email holds, and gives its hash."""
    sha256 = hashlib.sha256(data).hexdigest()
    prepared = PreparedFile(name, sha256, len(data))
    if len(data) > limits.max_bytes or not holds_email(data):
        prepared._documents = [(0, name, data)]
        return prepared
    email = open_email_within_bounds(data, limits)
    prepared.hashes = {
        n: keep(part.content) for n, part in enumerate(email.parts) if part.sort is not Sort.ASIDE
    }
    prepared._documents = [
        (n, part.name, part.content) for n, part in enumerate(email.parts) if part.sort is Sort.DOCUMENT
    ]
    email.parts = [replace(part, content=b"") for part in email.parts]
    email.ending = ending_of_email(data)
    prepared.email = email
    return prepared
