"""The facts that a dispatch is written from. They are gathered from the register and rendered as a file.

Rendering reads nothing else, so equal facts give equal bytes.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import pandas as pd

from peer_challenge.evidence.refusal_words import Refusal
from peer_challenge.model.challenge import EventFacts, Recipient
from peer_challenge.model.corrections import Decision
from peer_challenge.model.cycle import Chair, Cycle, Participant
from peer_challenge.model.findings import Finding
from peer_challenge.model.framework import Framework
from peer_challenge.model.house_style import SHIPPED_STYLE, HouseStyle
from peer_challenge.model.indicators import Figure
from peer_challenge.model.overdue_or_at_risk import Standing
from peer_challenge.model.vocabulary import ActionStatus, DispatchKind, Kind, Outcome, Rating
from peer_challenge.word.answers.locate_cells import CellPlaces


@dataclass(frozen=True, slots=True)
class SubmissionFacts:
    """The submission that a receipt, query letter or fix-it copy answers.

    `changes` lists the differences from the version before: (sub-heading address, column, before, after). The
    address is "" for a change that concerns the whole document. `original` is the document itself, byte for
    byte. `places` says where in it the questioned answers are; None where that was not kept. `questioned`
    has, by finding, the sentences that may be about a child or a family, or the text outside the answers.
    """

    kind: Kind
    version: int
    received_at: datetime
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    original: bytes | None = None
    changes: tuple[tuple[str, str, str, str], ...] = ()
    places: CellPlaces | None = None
    questioned: Mapping[Finding, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Replaced:
    """The dispatch of the same kind that one takes the place of: its day, and what has changed since.

    `changes` has, for each kind of submission that it passed on in another version, what differs, as in
    SubmissionFacts. `event` is the event that an earlier invitation told of, with the place that it has now
    unless that is another; `challenger` is the area that an earlier notice named, where it is another.
    """

    issued_on: date
    changes: Mapping[Kind, tuple[tuple[str, str, str, str], ...]] = field(default_factory=dict)
    event: EventFacts | None = None
    challenger: Participant | None = None


@dataclass(frozen=True, slots=True)
class DatesChanged:
    """The dates as they were before, by DeadlineName, and what the office says of the change."""

    before: Mapping[str, date]
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SettledFacts:
    """What was decided about one of an area's corrections: its line ("strength/1:text"), nobody's words.

    `told` is why, as it was written for this area; "" where nothing was.
    """

    line: str
    decision: Decision
    told: str = ""


@dataclass(frozen=True, slots=True)
class ReminderFacts:
    """What is due, when, by which rule of reminding, and how many days are left on the day of issue.

    `arrived` is what became of it where it has come and is not accepted: it is chased for answers, by the
    day `answer_by`.
    """

    what: str
    due_on: date
    days_left: int
    rule: str
    is_escalation: bool = False
    arrived: Outcome | None = None
    answer_by: date | None = None

    @property
    def has_questions(self) -> bool:
        """Whether it has come, and its sender has questions to answer or something to correct."""
        return self.arrived is not None


@dataclass(frozen=True, slots=True)
class ResponseFacts:
    """The author's response to its challenge as far as it has come: when, and what of it is not settled.

    `is_confirmed`: it was accepted. `is_shown`: its answers are in `Facts.rows`; they are not while we ask
    about the document itself. `queried` are the addresses of the answers that we have questions about.
    """

    received_on: date
    is_confirmed: bool = True
    is_shown: bool = True
    queried: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class EarlierRating:
    """What an area rated a sub-heading in an earlier cycle, with the title that it had there."""

    title: str
    rating: Rating


@dataclass(frozen=True, slots=True)
class EarlierAction:
    """An action of an earlier plan, and how far its latest progress report says it is; None without one."""

    action: str
    status: ActionStatus | None


@dataclass(frozen=True, slots=True)
class EarlierAgreement:
    """An area for development of an earlier event: its sub-heading's title, its words and its actions."""

    title: str
    text: str
    actions: tuple[EarlierAction, ...] = ()


@dataclass(frozen=True, slots=True)
class LastTime:
    """What an area's own documents of an earlier cycle say, by the present sub-headings.

    `cycle` is that cycle's name. `agreed` has what was agreed for development under each; under "" is what
    has no sub-heading in the present form.
    """

    cycle: str
    ratings: Mapping[str, tuple[EarlierRating, ...]] = field(default_factory=dict)
    agreed: Mapping[str, tuple[EarlierAgreement, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """A file that came with a self-assessment.

    `number` tells the files of a challenge apart; `name` is what its sender calls it. `refusal` says why it
    is not passed on, None where it is. `left_out` says what its copy lacks. `named_in` are the addresses of
    the sub-headings whose answers name it. `data` is the copy, where the dispatch is the file itself.
    """

    number: int
    name: str
    ending: str = ""
    refusal: Refusal | None = None
    left_out: str = ""
    named_in: tuple[str, ...] = ()
    data: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """A note of the office on the challenge of an area, and the day on which to be reminded of it."""

    area: str
    text: str
    remind_on: date


@dataclass(frozen=True, slots=True)
class UnsettledFacts:
    """A document with questions to answer, or to be sent again: what it is, its writer's id, its day.

    `has_copy`: the letter asked for a correction of the marked copy that came with it.
    """

    what: str
    writer_id: str | None
    received_on: date
    has_copy: bool = True


@dataclass(frozen=True, slots=True)
class RegionFacts:
    """Every area at once, for the regional overview and the weekly brief.

    `rows`: participant, focus_area, subheading, title, strengths, development, rating,
    commentary. `items`: participant, kind, position, subheading, text (what a Chair recorded), is_agreed (by
    both areas). `progress`: participant, review, address, development, action, status, evidence, difference,
    of each area's report for its latest review. `responses`: participant, subheading, response_kind,
    response_kind_as_written, response. `actions`: participant, address, development, action, owner,
    due_on, due_on_as_written, measure. `earlier`: cycle (its name), participant, subheading, rating in up
    to two cycles before, the older first, under today's areas and sub-headings. `feedback`:
    participant, field, value of what last reports say of the challenge. `step_days`: step, participant, days
    that each step took. `arrivals`:
    participant_name, writer_name (an area or a Chair), kind, review, version, received_at, outcome, in the
    last seven days.
    `held_documents` is how many documents wait for the office to say whose they are. `notes` are the office's
    own, to be remembered by the end of the week; nobody else reads them. `mixes` are sentences on who took
    part in one step of a challenge and not in another, each with its area, where it became known last week.
    `without_day` are the areas, by id, for whose event no day was found. `unsettled` is, by the area's id,
    the newest document of its challenge where that has questions open or has to be sent again.
    """

    rows: pd.DataFrame
    items: pd.DataFrame
    earlier: pd.DataFrame
    progress: pd.DataFrame = field(default_factory=pd.DataFrame)
    responses: pd.DataFrame = field(default_factory=pd.DataFrame)
    actions: pd.DataFrame = field(default_factory=pd.DataFrame)
    feedback: pd.DataFrame = field(default_factory=pd.DataFrame)
    step_days: pd.DataFrame = field(default_factory=pd.DataFrame)
    standings: tuple[Standing, ...] = ()
    arrivals: pd.DataFrame = field(default_factory=pd.DataFrame)
    events: tuple[EventFacts, ...] = ()
    held_documents: int = 0
    without_day: frozenset[str] = frozenset()
    notes: tuple[NoteFacts, ...] = ()
    mixes: tuple[tuple[str, str], ...] = ()
    unsettled: Mapping[str, UnsettledFacts] = field(default_factory=dict)

    @property
    def previous(self) -> pd.DataFrame:
        """Of `earlier` the newest cycle; empty when there is none."""
        return (
            self.earlier[self.earlier["cycle"] == self.earlier["cycle"].iloc[-1]]
            if len(self.earlier)
            else self.earlier
        )


@dataclass(frozen=True, slots=True)
class Facts:
    """All that one dispatch may say. What a kind does not need is None or empty.

    `framework` is the cycle's, linked areas left out already. `rows` has one row per
    sub-heading in the order of the framework: focus_area, focus_area_title, subheading
    (address), title, prompt, reference, strengths, development, rating, rating_as_written,
    commentary, response_kind, response (text columns are "" when empty, rating may be None).
    `items`: kind, position, subheading, title, text, consensus (as the Chair answered), is_agreed (by both
    areas, so that it makes an action). `actions`: position,
    development, subheading, action, owner, due_on, measure. `progress` is the progress report that
    the dispatch is about, or, for a form, the last one before it: address, development, action,
    status, evidence, difference. `review` is the review that it is about, 0 for none. `comment` is
    what the challenger said of a report. `due_actions` are the addresses of the actions whose own day
    is `due_actions_on`. `particulars` are those of the self-assessment and the Chair's record, or of the
    analysis where that is what is returned. `dates` maps a deadline's name
    (deadlines.py) to its day; `met` names those that nobody has to wait for any more.
    `response` is the author's response; None where none has come, and for kinds that say nothing of one that
    is not accepted. `challenge_counts` is how many challenges the conversation at the event is about, by the
    kinds that an agenda tells apart; empty where no analysis is in.
    `reasons` are sentences why this pair was made. `evidence` are the files that came with
    the self-assessment: those that are passed on, in a receipt all that came with it, or the one that goes.
    `figures` are the area's own, beside the region's range. `sources` are the ids of the submissions
    that the dispatch passes on whole. `replaces` is the one of its kind that its reader has.
    `settled` is what was decided about the reader's own corrections, where an email tells that;
    `corrected_on` the day on which a summary was last corrected, by either area's words.
    `last_time` is what the area's last cycle came to, where its form shows that.
    `is_former`: the reader held the role until it was given to somebody else. `is_closed`: the office
    closed the challenge early, and its area has not left. `style` is how the file looks. `file_title` is
    what its properties call it, set when it is made.
    """

    kind: DispatchKind
    dispatch_id: str
    cycle: Cycle
    framework: Framework
    issued_on: date
    recipient: Recipient
    marking: str = "OFFICIAL-SENSITIVE"
    author: Participant | None = None
    challenger: Participant | None = None
    chair: Chair | None = None
    moderator: Participant | None = None
    dates: Mapping[str, date] = field(default_factory=dict)
    met: Collection[str] = ()
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    particulars: Mapping[str, str] = field(default_factory=dict)
    items: pd.DataFrame = field(default_factory=pd.DataFrame)
    actions: pd.DataFrame = field(default_factory=pd.DataFrame)
    progress: pd.DataFrame = field(default_factory=pd.DataFrame)
    review: int = 0
    comment: str = ""
    due_actions: tuple[str, ...] = ()
    due_actions_on: date | None = None
    submission: SubmissionFacts | None = None
    response: ResponseFacts | None = None
    event: EventFacts | None = None
    challenge_counts: Mapping[str, int] = field(default_factory=dict)
    reminder: ReminderFacts | None = None
    settled: tuple[SettledFacts, ...] = ()
    corrected_on: date | None = None
    reasons: tuple[str, ...] = ()
    evidence: tuple[EvidenceFacts, ...] = ()
    figures: tuple[Figure, ...] = ()
    region: RegionFacts | None = None
    sources: tuple[int, ...] = ()
    replaces: Replaced | None = None
    dates_changed: DatesChanged | None = None
    last_time: LastTime | None = None
    is_former: bool = False
    is_closed: bool = False
    style: HouseStyle = SHIPPED_STYLE
    file_title: str = ""

    @property
    def stamped_at(self) -> datetime:
        """The time put into the document's properties: the start of the day of issue, without a zone."""
        return datetime(self.issued_on.year, self.issued_on.month, self.issued_on.day)
