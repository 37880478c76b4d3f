"""What areas will get from a cycle that is not open yet: its documents, to look at."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from peer_challenge.dates.deadlines import ChallengeDates, challenge_deadlines
from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.kinds import KINDS, find_marking
from peer_challenge.dispatches.schedule_rows import schedule_rows
from peer_challenge.model.challenge import recipient_of
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.framework import Framework
from peer_challenge.model.journey import OPENING
from peer_challenge.model.vocabulary import DispatchKind
from peer_challenge.outbox.render_in_children import render_all
from peer_challenge.register.database import Register
from peer_challenge.register.house_styles import load_style_in_use
from peer_challenge.settings import Settings
from peer_challenge.word.text.letter_blocks import LetterBlock, read_letter_blocks

PREVIEWS = (
    *(send.kind for send in OPENING),
    DispatchKind.PARTNER_NOTICE,
    DispatchKind.EVENT_INVITATION,
    DispatchKind.REMINDER,
    DispatchKind.RECEIPT,
)
"""The documents that can be looked at before a cycle is open."""
_PREVIEW_ID = "preview"


@dataclass(frozen=True, slots=True)
class Preview:
    """A document as Word, and its words. `is_sample`: areas, days and answers in it are invented."""

    document: bytes
    blocks: tuple[LetterBlock, ...]
    is_sample: bool


def preview_document(
    register: Register,
    settings: Settings,
    cycle: Cycle,
    frameworks: Mapping[str, Framework],
    kind: DispatchKind,
    today: date,
) -> Preview:
    """A document of a cycle as it would go out today. Raises TooMuchWork and WorkFailed.

    What goes out at the opening is the first area's own. A letter that comes later is about invented areas,
    with the cycle's name, office and rules.
    """
    is_sample = kind not in {send.kind for send in OPENING}
    framework = frameworks[cycle.framework].without(cycle.omit)
    facts = _sample_facts(cycle, kind) if is_sample else _own_facts(cycle, framework, kind, today)
    with register.reading() as connection:
        style = load_style_in_use(connection)
    (document,) = render_all(settings, [replace(facts, style=style)])
    return Preview(document, tuple(read_letter_blocks(document)), is_sample)


def _own_facts(cycle: Cycle, framework: Framework, kind: DispatchKind, today: date) -> Facts:
    area = cycle.authors[0]
    dates = challenge_deadlines(cycle, ChallengeDates())
    return Facts(
        kind=kind,
        dispatch_id=_PREVIEW_ID,
        cycle=cycle,
        framework=framework,
        issued_on=today,
        recipient=recipient_of(cycle, KINDS[kind].readers[0], area.id),
        marking=find_marking(kind, [cycle.rules.marking]),
        author=area,
        dates={name.value: deadline.due_on for name, deadline in dates.items()},
        rows=schedule_rows(framework),
    )


def _sample_facts(cycle: Cycle, kind: DispatchKind) -> Facts:
    from peer_challenge.dispatches.samples.sample_facts import sample_facts

    facts = sample_facts(kind)
    own = {"name": cycle.name, "office": cycle.office, "rules": cycle.rules}
    marking = find_marking(kind, [cycle.rules.marking])
    return replace(facts, cycle=facts.cycle.model_copy(update=own), marking=marking)
