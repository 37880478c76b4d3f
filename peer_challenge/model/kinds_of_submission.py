"""What is true of each kind of submission: who sends it, by when, what passes it on, what quotes it."""

from collections.abc import Mapping
from datetime import timedelta

from peer_challenge.model.vocabulary import DeadlineName, Kind, Role
from peer_challenge.model.vocabulary import DispatchKind as D

SENT_BY: dict[Kind, Role] = {
    Kind.SELF_ASSESSMENT: Role.AUTHOR,
    Kind.ANALYSIS: Role.CHALLENGER,
    Kind.RESPONSE: Role.AUTHOR,
    Kind.CHAIR_RECORD: Role.CHAIR,
    Kind.CORRECTIONS: Role.AUTHOR,
    Kind.CHALLENGER_CORRECTIONS: Role.CHALLENGER,
    Kind.ACTION_PLAN: Role.AUTHOR,
    Kind.PROGRESS_REPORT: Role.AUTHOR,
}
"""Who sends each kind of submission, and so who gets its receipt or its questions."""

PASSES_ON: dict[D, tuple[Kind, ...]] = {
    D.ANALYSIS_PACK: (Kind.SELF_ASSESSMENT,),
    D.RETURNED_ANALYSIS: (Kind.SELF_ASSESSMENT, Kind.ANALYSIS),
    D.CHALLENGER_BRIEFING: (Kind.RESPONSE,),
    D.CHAIR_BRIEFING: (Kind.RESPONSE,),
    D.DRAFT_SUMMARY: (Kind.CHAIR_RECORD,),
    D.CHALLENGER_DRAFT_SUMMARY: (Kind.CHAIR_RECORD,),
    D.CHAIR_SUMMARY: (Kind.CHAIR_RECORD,),
    D.PROGRESS_REPORT_COPY: (Kind.PROGRESS_REPORT,),
}
"""What each dispatch passes on whole: who is sent it may read those versions on the page as well.

What it only quotes from is left out: the Chair's briefing has some of a self-assessment and of an
analysis, the action-plan template some of a Chair's record, and nobody learns the rest by being sent them.
"""

_OF_SCHEDULE = frozenset({D.RETURNED_ANALYSIS, D.RESPONSE_FORM})
_OF_EVENT = frozenset({D.CHALLENGER_BRIEFING, D.CHAIR_BRIEFING, D.PRESENTATION})
_OF_SUMMARY = frozenset({D.CHAIR_SUMMARY, D.ACTION_PLAN_TEMPLATE})
_OF_PROGRESS = frozenset({D.PROGRESS_REPORT_FORM, D.PROGRESS_REPORT_COPY})

MADE_FROM: Mapping[Kind, frozenset[D]] = {
    Kind.SELF_ASSESSMENT: frozenset({D.ANALYSIS_PACK, D.EVIDENCE}) | _OF_SCHEDULE | _OF_EVENT,
    Kind.ANALYSIS: _OF_SCHEDULE | _OF_EVENT,
    Kind.RESPONSE: _OF_EVENT,
    Kind.CHAIR_RECORD: frozenset({D.DRAFT_SUMMARY, D.CHALLENGER_DRAFT_SUMMARY}) | _OF_SUMMARY | _OF_PROGRESS,
    Kind.CORRECTIONS: _OF_SUMMARY,
    Kind.CHALLENGER_CORRECTIONS: _OF_SUMMARY,
    Kind.ACTION_PLAN: _OF_PROGRESS,
    Kind.PROGRESS_REPORT: _OF_PROGRESS,
}
"""What holds words of a kind of submission, whole or in part, as they are when it is made.

A receipt or our questions belong to one version, which they name. Overviews of the region go to the office.
"""

ASKED_BY: dict[DeadlineName, D] = {
    DeadlineName.SELF_ASSESSMENT_DUE: D.SELF_ASSESSMENT_TEMPLATE,
    DeadlineName.ANALYSIS_DUE: D.ANALYSIS_PACK,
    DeadlineName.RESPONSE_DUE: D.RESPONSE_FORM,
    DeadlineName.EVENT_ON: D.EVENT_INVITATION,
    DeadlineName.CHAIR_RECORD_DUE: D.CHAIR_RECORD_FORM,
    DeadlineName.CORRECTIONS_DUE: D.DRAFT_SUMMARY,
    DeadlineName.CHALLENGER_CORRECTIONS_DUE: D.CHALLENGER_DRAFT_SUMMARY,
    DeadlineName.ACTION_PLAN_DUE: D.ACTION_PLAN_TEMPLATE,
    DeadlineName.PROGRESS_REPORT_DUE: D.PROGRESS_REPORT_FORM,
}
"""What asks for each thing that is due: before it has gone out to them, nobody is reminded of that thing."""

QUOTES: dict[D, tuple[Kind, D]] = {
    D.RESPONSE_FORM: (Kind.ANALYSIS, D.RETURNED_ANALYSIS),
    D.PRESENTATION: (Kind.ANALYSIS, D.RETURNED_ANALYSIS),
    D.ACTION_PLAN_TEMPLATE: (Kind.CHAIR_RECORD, D.CHAIR_SUMMARY),
}
"""Dispatches that quote a submission, and what has to pass that on to the same reader before them."""

ASKED_AGAIN = frozenset({Kind.PROGRESS_REPORT})
"""The kinds of which each review has a document of its own, with its own versions."""

DUE_BY: Mapping[Kind, DeadlineName] = {
    Kind.SELF_ASSESSMENT: DeadlineName.SELF_ASSESSMENT_DUE,
    Kind.ANALYSIS: DeadlineName.ANALYSIS_DUE,
    Kind.RESPONSE: DeadlineName.RESPONSE_DUE,
    Kind.CHAIR_RECORD: DeadlineName.CHAIR_RECORD_DUE,
    Kind.CORRECTIONS: DeadlineName.CORRECTIONS_DUE,
    Kind.CHALLENGER_CORRECTIONS: DeadlineName.CHALLENGER_CORRECTIONS_DUE,
    Kind.ACTION_PLAN: DeadlineName.ACTION_PLAN_DUE,
    Kind.PROGRESS_REPORT: DeadlineName.PROGRESS_REPORT_DUE,
}
"""The deadline by which each kind of submission is to come."""

LAPSE = frozenset({Kind.CORRECTIONS, Kind.CHALLENGER_CORRECTIONS})
"""The kinds that nobody waits for after their day: that none came means that nothing is wrong."""

TIME_FOR_REPORT = timedelta(days=28)
"""How long before its day a progress report is asked for."""

KIND_DUE_AT: Mapping[DeadlineName, Kind] = {deadline: kind for kind, deadline in DUE_BY.items()}
"""The kind of submission that is to come by each deadline by which one is."""
