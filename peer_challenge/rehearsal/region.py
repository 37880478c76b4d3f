"""A region that takes part in a rehearsal: its people fill in real Word forms and send them in."""

from datetime import date

from peer_challenge.model.cycle import Cycle
from peer_challenge.model.framework import Framework
from peer_challenge.model.vocabulary import Kind
from peer_challenge.rehearsal import slips
from peer_challenge.rehearsal.fictional import rehearsal_cycle
from peer_challenge.rehearsal.handwriting import Sheet, read_marks_of_form, track_change
from peer_challenge.rehearsal.people import Draft, People
from peer_challenge.rehearsal.phrases import load_common_phrases
from peer_challenge.rehearsal.writing import Writer
from peer_challenge.word.form.forms import OF_CORRECTIONS
from peer_challenge.word.package.marks import PARTICIPANT, REVIEW

__all__ = ["Region", "rehearsal_cycle"]

_EARLIEST = {
    Kind.SELF_ASSESSMENT: -12,
    Kind.ANALYSIS: -9,
    Kind.RESPONSE: -4,
    Kind.CHAIR_RECORD: -4,
    Kind.CORRECTIONS: -3,
    Kind.CHALLENGER_CORRECTIONS: -3,
    Kind.ACTION_PLAN: -10,
    Kind.PROGRESS_REPORT: -10,
}
_PREFILLED = ("held_on", "chair")


class Region:
    """The people of `cycle`, who fill in forms and send them in.

    One seed, cycle and framework always give the same result. `people` gives what they would write, apart
    from any form.
    """

    def __init__(self, seed: int, cycle: Cycle, framework: Framework) -> None:
        self.people = People(seed, cycle, framework)
        self._slips = slips.handed_out(seed, [area.id for area in cycle.authors])

    def fill(
        self,
        kind: Kind,
        form: bytes,
        who: str,
        *,
        round: int = 0,
        on: date | None = None,
        event_on: date | None = None,
    ) -> bytes:
        """The form filled in by `who` (a participant's or Chair's id), as a .docx.

        `round` counts from 0: the first may hold an honest mistake (see `slip`), later ones are
        corrected. `on` is the day it is signed, `event_on` that of the event; both are guessed
        from the cycle's dates where they are not given. The same arguments give the same bytes.
        """
        marks = read_marks_of_form(form)
        author, review = marks.get(PARTICIPANT, who), int(marks.get(REVIEW, 0))
        sheet = Sheet(form)
        writer = self.people.writers[who]
        draft = self.people.draft(kind, author, who, sheet=sheet, on=on, event_on=event_on, review=review)
        if kind in OF_CORRECTIONS:
            _track_corrections(sheet, draft, by=writer.words["area"])
        else:
            _write_draft_into_sheet(sheet, draft, writer)
        slip = self.slip(kind, author) if round == 0 else None
        if slip is not None:
            slip.spoil(sheet, draft, self.people.dice("slip", kind, author))
        return sheet.saved(by_python_docx=bool(writer.manner.get("saves_elsewhere")))

    def slip(self, kind: Kind, author: str) -> slips.Slip | None:
        """The honest mistake in the first version of a submission about `author`, or None."""
        return self._slips.get((kind, author))

    def lateness(self, kind: Kind, who: str) -> int:
        """How many days after the due date `who` sends the form; negative when it is early."""
        dice = self.people.dice("lateness", kind, who)
        if kind is not Kind.RESPONSE and dice.random() < 0.1:
            return dice.randint(1, 4)
        return dice.choice((0, -1, -1, -2, -3, dice.randint(_EARLIEST[kind], 0)))

    def file_name(self, kind: Kind, who: str, round: int = 0, *, author: str | None = None) -> str:
        """The name that a person would give the file. `author` is the area it is about, if not `who`."""
        about = author or who
        name: str = self.people.dice("file", kind, about).choice(load_common_phrases()["files"][kind.value])
        again = self.people.dice("again", kind, about).sample(
            load_common_phrases()["again"], len(load_common_phrases()["again"])
        )
        called = self.people.writers[about].words["area"]
        return name.format(area=called) + "".join(again[n % len(again)] for n in range(round)) + ".docx"


def _track_corrections(sheet: Sheet, draft: Draft, *, by: str) -> None:
    """Write over the lines of a draft summary as Word does while it tracks changes."""
    for address, texts in draft.rows.items():
        for column, text in texts.items():
            track_change(sheet.cell(address, column), text, by=by)
    for name, text in draft.fields.items():
        sheet.write_field(name, text)


def _write_draft_into_sheet(sheet: Sheet, draft: Draft, writer: Writer) -> None:
    is_soft = writer.manner["layout"] == "soft"
    for address, texts in draft.rows.items():
        for column, text in texts.items():
            if text:
                sheet.write(address, column, text, is_soft=is_soft)
    for name, text in draft.fields.items():
        if text and not (name in _PREFILLED and sheet.field(name)):
            sheet.write_field(name, text)
