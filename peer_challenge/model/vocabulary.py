"""The closed sets of words that every part shares, and what people call each. There is no logic here."""

from collections.abc import Mapping
from enum import StrEnum


class Rating(StrEnum):
    """How an area rates a sub-heading."""

    RED = "RED"
    AMBER = "AMBER"
    GREEN = "GREEN"
    NOT_APPLICABLE = "NOT_APPLICABLE"


class Kind(StrEnum):
    """The kinds of submission: six forms, and the draft summary that either area corrects."""

    SELF_ASSESSMENT = "self_assessment"
    ANALYSIS = "analysis"
    RESPONSE = "response"
    CHAIR_RECORD = "chair_record"
    CORRECTIONS = "corrections"
    CHALLENGER_CORRECTIONS = "challenger_corrections"
    ACTION_PLAN = "action_plan"
    PROGRESS_REPORT = "progress_report"


KIND_NAMES: Mapping[Kind, str] = {
    Kind.SELF_ASSESSMENT: "self-assessment",
    Kind.ANALYSIS: "peer analysis",
    Kind.RESPONSE: "response to the challenge",
    Kind.CHAIR_RECORD: "Chair's record",
    Kind.CORRECTIONS: "corrected draft summary",
    Kind.CHALLENGER_CORRECTIONS: "challenger's corrected draft summary",
    Kind.ACTION_PLAN: "action plan",
    Kind.PROGRESS_REPORT: "progress report",
}
"""What each kind of submission is called inside a sentence, in letters, pages and commands alike."""


def name_submission(kind: Kind, review: int = 0) -> str:
    """What a submission is called inside a sentence; of progress reports which: "first progress report"."""
    return f"{name_place_in_order(review)} {KIND_NAMES[kind]}" if review else KIND_NAMES[kind]


def name_place_in_order(number: int) -> str:
    """A number from 1 as a place in an order: "first", "second"; "10th" from there on."""
    return _PLACES[number - 1] if number <= len(_PLACES) else f"{number}th"


_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


class DeadlineName(StrEnum):
    """The ten dates of a challenge, in the order in which they come.

    The last comes again for each review that the cycle sets.
    """

    SELF_ASSESSMENT_DUE = "self_assessment_due"
    ANALYSIS_DUE = "analysis_due"
    RESPONSE_DUE = "response_due"
    EVENT_ON = "event_on"
    EVENT_BY = "event_by"
    CHAIR_RECORD_DUE = "chair_record_due"
    CORRECTIONS_DUE = "corrections_due"
    CHALLENGER_CORRECTIONS_DUE = "challenger_corrections_due"
    ACTION_PLAN_DUE = "action_plan_due"
    PROGRESS_REPORT_DUE = "progress_report_due"


DEADLINE_NAMES: Mapping[str, str] = {
    DeadlineName.SELF_ASSESSMENT_DUE: "Self-assessment due",
    DeadlineName.ANALYSIS_DUE: "Peer analysis due",
    DeadlineName.RESPONSE_DUE: "Response to the challenge due",
    DeadlineName.EVENT_ON: "Challenge event",
    DeadlineName.EVENT_BY: "Last day to hold the challenge event",
    DeadlineName.CHAIR_RECORD_DUE: "Chair's record due",
    DeadlineName.CORRECTIONS_DUE: "Corrected draft summary due",
    DeadlineName.CHALLENGER_CORRECTIONS_DUE: "Challenger's corrected draft summary due",
    DeadlineName.ACTION_PLAN_DUE: "Action plan due",
    DeadlineName.PROGRESS_REPORT_DUE: "Progress report due",
}
"""What each date of a challenge is called wherever people read it, in the order of a challenge."""


def thing_due(name: str) -> str:
    """What is due, as a thing, from a deadline's name: "Peer analysis", "Challenge event"."""
    return DEADLINE_NAMES["event_on" if name == "event_by" else name].removesuffix(" due")


class Severity(StrEnum):
    """How much a finding matters, lightest first."""

    NOTE = "note"
    WARN = "warn"
    QUERY = "query"
    REJECT = "reject"


class Outcome(StrEnum):
    """What became of a submission, best first."""

    ACCEPTED = "accepted"
    WARNED = "warned"
    QUERIED = "queried"
    REJECTED = "rejected"


ACCEPTED_OUTCOMES = (Outcome.ACCEPTED, Outcome.WARNED)
"""The outcomes by which a version is accepted: it counts, and its sender gets a receipt."""

HELD = "held"
"""Stands in place of an outcome until the office has said whose a document is; lists are asked for it."""

OUTCOME_NAMES: Mapping[str, str] = {
    HELD: "Whose is it?",
    Outcome.ACCEPTED: "Accepted",
    Outcome.WARNED: "Accepted, with notes",
    Outcome.QUERIED: "Waiting for answers",
    Outcome.REJECTED: "Rejected",
}
"""What the page calls what became of a document, in the order in which the Inbox page counts them."""


class Stage(StrEnum):
    """How far a challenge has come. The moves between stages are in journey.py."""

    INVITED = "invited"
    SELF_ASSESSED = "self-assessed"
    PAIRED = "paired"
    IN_ANALYSIS = "in analysis"
    RETURNED = "returned"
    EVENT_SET = "event set"
    EVENT_HELD = "event held"
    DRAFTED = "summary in draft"
    SUMMARISED = "summarised"
    PLANNED = "planned"
    IN_FOLLOW_UP = "in follow-up"
    REVIEWED = "reviewed"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Role(StrEnum):
    """The role in which somebody takes part in a challenge or gets a dispatch."""

    AUTHOR = "author"
    CHALLENGER = "challenger"
    CHAIR = "chair"
    OFFICE = "office"


class ResponseKind(StrEnum):
    """The three kinds of answer to a challenge (practice note, the event)."""

    FURTHER_EVIDENCE = "further evidence"
    ACKNOWLEDGEMENT = "acknowledgement"
    UPDATE = "update"


RESPONSE_NAMES: dict[ResponseKind, str] = {
    ResponseKind.FURTHER_EVIDENCE: "Further evidence",
    ResponseKind.ACKNOWLEDGEMENT: "More work is needed",
    ResponseKind.UPDATE: "Action taken since the self-assessment",
}
"""What each kind of answer is called: where an area chooses it, and wherever others read it."""


class ItemKind(StrEnum):
    """What a Chair's record agrees."""

    STRENGTH = "strength"
    DEVELOPMENT = "development"


class ActionStatus(StrEnum):
    """How far an action of an action plan has come, as a progress report says."""

    DONE = "done"
    UNDER_WAY = "under way"
    NOT_STARTED = "not started"
    CHANGED = "changed"
    DROPPED = "dropped"


class DispatchKind(StrEnum):
    """Everything that goes out, one file each."""

    LAUNCH_LETTER = "launch_letter"
    SELF_ASSESSMENT_TEMPLATE = "self_assessment_template"
    RECEIPT = "receipt"
    QUERY_LETTER = "query_letter"
    FIX_IT_COPY = "fix_it_copy"
    PARTNER_NOTICE = "partner_notice"
    ANALYSIS_PACK = "analysis_pack"
    EVIDENCE = "evidence"
    DATA_SHEET = "data_sheet"
    RETURNED_ANALYSIS = "returned_analysis"
    RESPONSE_FORM = "response_form"
    EVENT_INVITATION = "event_invitation"
    EVENT_CALENDAR = "event_calendar"
    EVENT_TIMETABLE = "event_timetable"
    WITHDRAWAL_NOTICE = "withdrawal_notice"
    EVENT_CANCELLATION = "event_cancellation"
    DATES_NOTICE = "dates_notice"
    CHALLENGER_BRIEFING = "challenger_briefing"
    CHAIR_BRIEFING = "chair_briefing"
    CHAIR_RECORD_FORM = "chair_record_form"
    PRESENTATION = "presentation"
    DRAFT_SUMMARY = "draft_summary"
    CHALLENGER_DRAFT_SUMMARY = "challenger_draft_summary"
    DRAFT_NOTICE = "draft_notice"
    CHAIR_SUMMARY = "chair_summary"
    ACTION_PLAN_TEMPLATE = "action_plan_template"
    PROGRESS_REPORT_FORM = "progress_report_form"
    PROGRESS_REPORT_COPY = "progress_report_copy"
    PROGRESS_COMMENT = "progress_comment"
    ACTION_REMINDER = "action_reminder"
    FOLLOW_UP_ENDED = "follow_up_ended"
    REMINDER = "reminder"
    REGIONAL_OVERVIEW = "regional_overview"
    REGIONAL_OVERVIEW_ANONYMISED = "regional_overview_anonymised"
    REGIONAL_TABLES = "regional_tables"
    MONDAY_BRIEF = "monday_brief"

    @property
    def in_words(self) -> str:
        """What it is called inside a sentence: "analysis pack"."""
        return _DISPATCHES_CALLED.get(self.value, self.value.replace("_", " "))


QUERY_KINDS = (DispatchKind.QUERY_LETTER, DispatchKind.FIX_IT_COPY)
"""What asks about a document that came: the letter with the questions, and the copy that shows where."""

_DISPATCHES_CALLED = {
    "self_assessment_template": "self-assessment template",
    "presentation": "draft presentation",
    "partner_notice": "notice of who challenges whom",
    "fix_it_copy": "fix-it copy",
    "challenger_briefing": "paper “Lead your challenge”",
    "chair_briefing": "Chair's briefing",
    "chair_record_form": "Chair's record form",
    "challenger_draft_summary": "draft summary",
    "draft_notice": "note that the draft summary was sent",
    "chair_summary": "Chair's summary",
    "progress_report_copy": "progress report for you to read",
    "progress_comment": "comment on your progress report",
    "action_reminder": "reminder of an action",
    "withdrawal_notice": "notice that a challenge has ended",
    "follow_up_ended": "end of the follow-up",
    "monday_brief": "weekly brief",
}
"""The dispatches whose id alone does not say what they are called."""
