"""What a submission is checked against: its cycle, its framework, and what came before it."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from peer_challenge.advice.identifying_details import list_known_names
from peer_challenge.model.cycle import Chair, Cycle, Participant
from peer_challenge.model.cycle_rules import Rules
from peer_challenge.model.framework import FormWords, Framework
from peer_challenge.model.vocabulary import Kind
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.form.forms import list_headers


@dataclass(frozen=True, slots=True)
class SubmissionContext:
    """What a submission is checked against. Checks leave out whatever is None here.

    `framework` has the areas of focus that the cycle leaves out removed. `authors_rows` are the
    accepted self-assessment's rows, `analysis_rows` the accepted analysis's, `agreed_items` the
    items of the accepted Chair's record, `planned_actions` the actions of the accepted action plan,
    `last_rows` the rows of the version sent before this one, whether accepted or not. An event lies
    in its window up to and including `event_by`.
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
    planned_actions: pd.DataFrame | None = None
    event_on: date | None = None
    event_by: date | None = None
    last_rows: pd.DataFrame | None = None
    attachments: tuple[str, ...] = ()

    @property
    def rules(self) -> Rules:
        """The cycle's rules, or the defaults."""
        return self.cycle.rules if self.cycle is not None else Rules()

    def list_headers(self, kind: Kind) -> dict[str, str]:
        """What the form of a kind prints above each of its columns, by column."""
        words = self.framework.words if self.framework is not None else FormWords()
        return list_headers(kind, words.headings)

    @property
    def areas(self) -> tuple[str, ...]:
        """Names that can't be a person's: the cycle's areas, forces and boards."""
        return list_known_names(self.cycle) if self.cycle is not None else ()


def context_of_form(reading: Reading) -> SubmissionContext:
    """The context of a form that belongs to no known challenge: the default rules and its framework.

    Areas of focus of which the form has no row are left out of the framework. There is no framework when the
    form names none that we know, or has no rows for one.
    """
    from peer_challenge.cycle_file.load_framework import shipped_frameworks

    framework = shipped_frameworks().get(reading.framework or "") if reading.rows else None
    if framework is None or reading.kind not in (Kind.SELF_ASSESSMENT, Kind.ANALYSIS):
        return SubmissionContext()
    sent = {(row.get("subheading") or "").partition("/")[0] for row in reading.rows}
    left_out = {area.id for area in framework.focus_areas} - sent
    has_any = len(left_out) < len(framework.focus_areas)
    return SubmissionContext(framework=framework.without(left_out) if has_any else None)
