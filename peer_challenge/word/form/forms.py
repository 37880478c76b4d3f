"""What each form holds: its columns, its particulars and their labels. Writing and reading both use it."""

from dataclasses import dataclass, replace

from peer_challenge.model.framework import ColumnHeadings
from peer_challenge.model.kinds_of_submission import ASKED_BY, DUE_BY
from peer_challenge.model.sentences import capitalise_first_letter
from peer_challenge.model.vocabulary import KIND_NAMES, DeadlineName, DispatchKind, Kind


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a form's table. `header` is printed; `synonyms` are other words seen for it."""

    id: str
    header: str
    synonyms: tuple[str, ...] = ()
    is_own: bool = False  # the form's own text, not filled in by anybody
    is_old: bool = False  # printed by forms of an earlier layout only, and still read


@dataclass(frozen=True, slots=True)
class Field:
    """A particular of a form outside its tables of rows, with the label printed beside it."""

    id: str
    label: str
    old_labels: tuple[str, ...] = ()  # printed by forms of an earlier layout only, and still read


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of submission and the form on which it comes: `columns` of its rows or items, and `fields`.

    A schedule has a row for each sub-heading of the framework; the other forms have numbered items.
    """

    kind: Kind
    columns: tuple[Column, ...]
    fields: tuple[Field, ...] = ()
    is_schedule: bool = True
    other_titles: tuple[str, ...] = ()  # under which it goes out too

    @property
    def title(self) -> str:
        """The title printed at the top of the form: the name of its kind."""
        return capitalise_first_letter(KIND_NAMES[self.kind])

    @property
    def due(self) -> DeadlineName:
        """The name of the deadline by which the form has to be sent back."""
        return DUE_BY[self.kind]

    @property
    def goes_out_as(self) -> DispatchKind:
        """The kind of dispatch with which the form is sent out to be filled in."""
        return ASKED_BY[self.due]


_SUBHEADING = Column("subheading", "Sub-heading", ("area", "standard", "criterion", "theme"), True)
_STRENGTHS = Column(
    "strengths", "Strengths and evidence", ("strengths", "what is working well", "evidence", "good practice")
)
_DEVELOPMENT = Column(
    "development",
    "Areas for development",
    ("development", "areas for improvement", "what needs to improve", "gaps"),
)
_RATING = Column("rating", "RAG rating", ("rag", "rating", "rag status", "self-rating"))
_COMMENTARY = Column(
    "commentary", "Peer commentary", ("commentary", "challenge", "peer challenge", "questions from peers")
)

PARTNERS = {"local_authority": "Local authority", "icb": "Integrated care board", "police": "Police"}

_SIGN_OFF = tuple(
    Field(f"{what}_{partner}", f"{label} - {PARTNERS[partner]}")
    for partner in PARTNERS
    for what, label in (
        ("took_part", "Who took part (roles)"),
        ("signed_off", "Signed off by (role)"),
        ("signed_on", "Date signed off"),
    )
)

ABOUT_THE_CHALLENGE = (
    Field(
        "said_changed",
        "What did the challenge help you to change?",
        ("What the challenge helped us to change",),
    ),
    Field("said_better", "What would have made it more useful?", ("What would have made it more useful",)),
    Field(
        "said_again", "Would you recommend it to another area?", ("Would we recommend it to another area?",)
    ),
)
"""What the last progress report asks about the challenge as a whole: two texts, then yes or no."""

_RECORDED_ITEM = (
    Column("item", "No.", (), True),
    Column("text", "The point", ("what was agreed", "agreed", "strength", "area for development")),
    Column("subheading", "Sub-heading", ("area of focus", "link")),
    Column("consensus", "Agreed by both?", ("consensus", "agreed by")),
)
_EVENT = (
    Field("held_on", "Date of the event"),
    Field("chair", "Independent Chair"),
    Field("author_present", "Present for the area challenged (roles)", ("Present for the author (roles)",)),
    Field("challenger_present", "Present for the challenger (roles)"),
    Field("consensus", "Was consensus reached?"),
    Field(
        "late_reason",
        "If the event was held later, the reason",
        (
            "If the event was held after the last day for it, why",
            "If the event was held late, why",
            "If the event was outside its window, why",
        ),
    ),
    Field("notes", "Anything else to record"),
)
"""What a Chair's record says, and the draft of the summary that both areas may correct."""

FORMS: dict[Kind, Form] = {
    Kind.SELF_ASSESSMENT: Form(
        Kind.SELF_ASSESSMENT,
        (_SUBHEADING, _STRENGTHS, _DEVELOPMENT, _RATING, replace(_COMMENTARY, is_old=True)),
        _SIGN_OFF,
    ),
    Kind.ANALYSIS: Form(
        Kind.ANALYSIS,
        (_SUBHEADING, _STRENGTHS, _DEVELOPMENT, _RATING, _COMMENTARY),
        _SIGN_OFF,
        other_titles=("Analysis pack",),
    ),
    Kind.RESPONSE: Form(
        Kind.RESPONSE,
        (
            _SUBHEADING,
            Column("commentary", "The challenge", ("peer commentary",), True),
            Column("response_kind", "Kind of answer", ("answer kind", "type of response")),
            Column("response", "Your answer", ("answer", "response")),
        ),
        _SIGN_OFF,
    ),
    Kind.CHAIR_RECORD: Form(
        Kind.CHAIR_RECORD,
        _RECORDED_ITEM,
        (
            *_EVENT,
            Field("signed_off", "Signed off by the Chair"),
            Field("signed_on", "Date signed off"),
        ),
        is_schedule=False,
    ),
    Kind.CORRECTIONS: Form(
        Kind.CORRECTIONS,
        _RECORDED_ITEM,
        _EVENT,
        is_schedule=False,
        other_titles=("Draft summary of your challenge event", "Draft summary for the author"),
    ),
    Kind.CHALLENGER_CORRECTIONS: Form(
        Kind.CHALLENGER_CORRECTIONS,
        _RECORDED_ITEM,
        _EVENT,
        is_schedule=False,
        other_titles=("Draft summary of the challenge you made", "Draft summary for the challenger"),
    ),
    Kind.ACTION_PLAN: Form(
        Kind.ACTION_PLAN,
        (
            Column("item", "No.", (), True),
            Column("development", "Agreed area for development", (), True),
            Column("action", "What will be done", ("action", "actions")),
            Column("owner", "Owner (role)", ("owner", "lead", "responsible")),
            Column("due_on", "By when", ("date", "deadline", "timescale", "due")),
            Column("measure", "How we will know", ("measure", "success measure", "impact")),
        ),
        _SIGN_OFF,
        is_schedule=False,
    ),
    Kind.PROGRESS_REPORT: Form(
        Kind.PROGRESS_REPORT,
        (
            Column("item", "No.", (), True),
            Column("development", "Agreed area for development", (), True),
            Column("action", "What you planned", ("planned action",), True),
            Column("status", "Progress", ("how far it is", "status", "how far is it")),
            Column("evidence", "What shows it", ("evidence of progress",)),
            Column(
                "difference",
                "What difference it made for children",
                ("difference made", "difference for children", "outcome for children"),
            ),
        ),
        (Field("review", "Which report", ("Which review",)), *ABOUT_THE_CHALLENGE, *_SIGN_OFF),
        is_schedule=False,
    ),
}
"""Every kind of submission, a row each.

Items of a Chair's record are addressed "strength/1", "development/1"; of an action plan "development/1"
and, for a further action on the same area, "development/1/2". A progress report has the addresses of the
plan that it is about.
"""

_USUAL = ColumnHeadings()


def find_own_heading(kind: Kind, column: str) -> str | None:
    """The name of the heading that a framework may choose for a column of a form; None where it can't."""
    printed = next((one.header for one in FORMS[kind].columns if one.id == column), None)
    return column if printed is not None and printed == getattr(_USUAL, column, None) else None


def list_headers(kind: Kind, headings: ColumnHeadings) -> dict[str, str]:
    """What a form prints above each of its columns, by column, under a framework's headings."""
    return {
        one.id: getattr(headings, one.id) if find_own_heading(kind, one.id) else one.header
        for one in FORMS[kind].columns
    }


OF_CORRECTIONS = (Kind.CORRECTIONS, Kind.CHALLENGER_CORRECTIONS)
"""The draft summary as either area sends it back: all that it says was there, and what was changed counts."""

OF_RECORDED_ITEMS = frozenset({Kind.CHAIR_RECORD, *OF_CORRECTIONS})
"""The forms with what was agreed at an event."""

OF_ACTIONS = frozenset({Kind.ACTION_PLAN, Kind.PROGRESS_REPORT})
"""The forms with a row for each action, several on one agreed area for development."""

SCHEDULES = frozenset(kind for kind, form in FORMS.items() if form.is_schedule)
"""The kinds whose form has a row for each sub-heading."""

KIND_ON: dict[DispatchKind, Kind] = {form.goes_out_as: kind for kind, form in FORMS.items()}
"""The submission that comes back on each form that goes out."""

FOR_READING = (
    "Summary of the peer challenge",
    "Chair's summary of the peer challenge",
    "Timetable of challenge events",
    "Invitation to the challenge event",
    "Invitation to your challenge event",
    "Regional overview",
    "Regional overview, with names",
    "Regional overview without names",
    "Progress on the action plan",
)
"""The titles of documents with tables that are sent to be read, and never to be filled in."""

BEGIN_FOR_READING = (
    "Invitation to lead the challenge to",
    "Invitation to chair the challenge event for",
)
"""How the titles of such documents begin that end with the name of an area."""

FIRST_ACTION = "Click to write what you will do"
SECOND_ACTION = "Click to add a second action, if you need one"
"""The prompts of an action plan's two rows for each area for development."""

SECOND_ROW = ", second action"
"""What stands after the number and title in the second of them."""

REPORT = "Progress report "
"""What stands before the number of a progress report in it: "Progress report 1 of 2"."""

CHALLENGED_BY = ", challenged by "
"""What stands between author and challenger in the line below a form's title."""
