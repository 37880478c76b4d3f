"""What a submission is checked against: its cycle, its framework, and what came before it."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from peer_challenge.model.cycle import Chair, Cycle, Participant, Rules
from peer_challenge.model.framework import Framework


@dataclass(frozen=True, slots=True)
class SubmissionContext:
    """All that is known beforehand; whatever is None is not checked against.

    `framework` has the areas of focus that the cycle leaves out removed. `authors_rows` are the
    accepted self-assessment's rows, `analysis_rows` the accepted analysis's, `agreed_items` the
    items of the accepted Chair's record, `last_rows` the rows of the version sent before this one,
    whether accepted or not. An event lies in its window up to and including `event_by`.
    `attachments` are the names of files that came with the document.
    """

    cycle: Cycle | None = None
    framework: Framework | None = None
    participant: Participant | None = None
    challenger: Participant | None = None
    chair: Chair | None = None
    authors_rows: pd.DataFrame | None = None
    analysis_rows: pd.DataFrame | None = None
    agreed_items: pd.DataFrame | None = None
    event_on: date | None = None
    event_by: date | None = None
    last_rows: pd.DataFrame | None = None
    attachments: tuple[str, ...] = ()

    @property
    def rules(self) -> Rules:
        """The cycle's rules, or the defaults."""
        return self.cycle.rules if self.cycle is not None else Rules()

    @property
    def office(self) -> str:
        """Whom to ask: the office's name, with its address where there is one."""
        if self.cycle is None:
            return "the programme office"
        office = self.cycle.office
        return f"{office.name} ({office.email})" if office.email else office.name

    @property
    def areas(self) -> tuple[str, ...]:
        """Names that can't be a person's: the cycle's areas, forces and boards."""
        people = self.cycle.participants if self.cycle is not None else ()
        return tuple(name for p in people for name in (p.name, p.partnership, p.police, *p.icb) if name)
