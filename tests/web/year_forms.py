"""What areas and Chairs of the year write: the forms that lie in their folders, filled in."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import count, permutations
from pathlib import Path

from peer_challenge.dispatches.kinds import KINDS
from peer_challenge.model.vocabulary import Kind
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import open_register
from peer_challenge.rehearsal import Region
from peer_challenge.rehearsal.handwriting import Sheet, track_change
from peer_challenge.settings import Settings
from peer_challenge.word.form.forms import FORMS
from tests.waiting import wait_until


@dataclass(frozen=True, slots=True)
class Form:
    """A form that somebody was sent: `about` is the area's name, `turn` how many there were so far."""

    kind: Kind
    who: str
    about: str = ""
    turn: int = 1


class Folders:
    """The shared folders of a cycle, as areas and Chairs see them; `pids` are those who put files there."""

    def __init__(self, home: Path, cycle_id: str, pids: list[int]) -> None:
        self._home, self._cycle_id, self._pids = home, cycle_id, pids
        self._folder = home / "outbox" / cycle_id

    @cached_property
    def _region(self) -> Region:
        """The people of the cycle, who write as those of a rehearsal: the first who all ask something."""
        register = open_register(Settings(home=self._home))
        with register.reading() as connection:
            cycle, framework = load_stored(connection, self._cycle_id)
        register.close()
        pairs = list(permutations((area.id for area in cycle.authors), 2))
        regions = (Region(seed, cycle, framework) for seed in count(1))
        return next(one for one in regions if all(one.people.challenges(*pair) for pair in pairs))

    def find(self, who: str, *words: str) -> list[Path]:
        """The files in somebody's folder whose names have all of these words, the newest last."""
        found = [path for path in (self._folder / who).glob("*") if all(one in path.name for one in words)]
        return sorted(found, key=lambda path: path.stat().st_mtime_ns)

    def wait_for(self, who: str, *words: str, count: int = 1) -> Path:
        """Wait until somebody has so many files of such a name; returns the newest."""
        wait_until(lambda: len(self.find(who, *words)) >= count, f"{who} has {words}", *self._pids)
        return self.find(who, *words)[-1]

    def fill(self, form: Form) -> bytes:
        """A form filled in without mistakes by those who were sent it."""
        held_on = self._read_event_day(form) if form.kind is Kind.CHAIR_RECORD else None
        return self._region.fill(form.kind, self._read_blank(form), form.who, round=1, event_on=held_on)

    def correct_draft(self, form: Form, address: str, text: str) -> bytes:
        """A draft that somebody was sent, with one sentence written over as Word tracks it."""
        draft = Sheet(self._read_blank(form))
        track_change(draft.cell(address, "text"), text, by=form.who)
        return draft.saved()

    def _read_blank(self, form: Form) -> bytes:
        label = KINDS[FORMS[form.kind].goes_out_as].file_label
        return self.wait_for(form.who, label, form.about, count=form.turn).read_bytes()

    def _read_event_day(self, form: Form) -> date:
        """The day that the newest invitation has in its name."""
        invitation = self.wait_for(form.who, "Read - Invitation", form.about)
        return date.fromisoformat(invitation.name[:10])
