"""From readings to rows: what was read of a batch of documents, as the checks take it."""

from collections.abc import Mapping

from peer_challenge.model.vocabulary import Kind
from peer_challenge.submissions.check import Row
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.form.forms import SCHEDULES


def list_answer_rows(readings: Mapping[str, Reading], kind: Kind) -> list[Row]:
    """The rows (or items) that were read of each form of a kind, with `submission`."""
    return [
        {"submission": key, **row}
        for key, reading in readings.items()
        if reading.kind is kind
        for row in (reading.rows if kind in SCHEDULES else reading.items)
    ]


def collect_seen_codes(readings: Mapping[str, Reading]) -> dict[tuple[str, str], frozenset[str]]:
    """The codes of what the reader saw in each row of each reading."""
    found: dict[tuple[str, str], set[str]] = {}
    for key, reading in readings.items():
        for finding in reading.findings:
            found.setdefault((key, finding.subheading or ""), set()).add(finding.code)
    return {place: frozenset(codes) for place, codes in found.items()}


def list_particulars(readings: Mapping[str, Reading]) -> list[Row]:
    """One row per reading: what was read of the document as a whole, then its fields."""
    return [
        {
            "submission": key,
            "challenger": reading.challenger,
            "marking": reading.marking,
            "unmapped": tuple(reading.unmapped),
            "attachments": tuple(reading.attachments),
            **reading.particulars,
        }
        for key, reading in readings.items()
    ]
