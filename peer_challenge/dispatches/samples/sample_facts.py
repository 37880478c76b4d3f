"""Sample facts of every kind of dispatch, of a fictional region: for previews, the gallery and tests.

They are what a challenge of that region would give on the day that such a dispatch goes out. Dates are
counted by the rules, and nothing is there before it came. Tests compare them with what is gathered from a
register, and the findings with what the checks find in such a form.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import pandas as pd

from peer_challenge.dates.deadlines import ChallengeDates, Deadline, challenge_deadlines
from peer_challenge.dates.reminder_rules import due_reminders
from peer_challenge.dispatches.facts import (
    DatesChanged,
    EvidenceFacts,
    Facts,
    ReminderFacts,
    ResponseFacts,
    SubmissionFacts,
)
from peer_challenge.dispatches.gather_region import OF_ACTION
from peer_challenge.dispatches.kinds import KINDS, Need, find_marking
from peer_challenge.dispatches.render_dispatch import render_dispatch_file
from peer_challenge.dispatches.samples import sample_texts as texts
from peer_challenge.dispatches.samples.sample_area import (
    AUTHOR,
    CHALLENGER,
    EVENT_DAYS,
    LONDON,
    own_records,
    records_with,
    sample_cycle,
    sample_event,
    sample_framework,
    sample_items,
    sample_rows,
)
from peer_challenge.dispatches.samples.sample_last_time import sample_last_time
from peer_challenge.dispatches.samples.sample_region import sample_region
from peer_challenge.dispatches.schedule_rows import count_challenges
from peer_challenge.evidence.refusal_words import Refusal
from peer_challenge.model.challenge import recipient_of
from peer_challenge.model.findings import Finding
from peer_challenge.model.indicators import Direction, Figure, Indicator, describe_figure
from peer_challenge.model.journey import MOVE_NOTHING, SENT_UNCONFIRMED, met_deadlines
from peer_challenge.model.pair_facts import explain_pair_to_areas
from peer_challenge.model.vocabulary import DeadlineName, Kind, Outcome, Role, Severity, Stage
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.submissions.version_changes import changes_between
from peer_challenge.word.active_content.pictures import make_grey_box
from peer_challenge.word.answers.planned_action import describe_planned_action
from peer_challenge.word.write.render_template import WordTemplates

_OF_REVIEW = frozenset({D.PROGRESS_REPORT_FORM, D.PROGRESS_REPORT_COPY, D.PROGRESS_COMMENT})
MODERATOR = "kestrel-riding"
_USUAL_DAY = date(2027, 5, 10)
_DAYS = {
    D.LAUNCH_LETTER: date(2027, 1, 11),
    D.SELF_ASSESSMENT_TEMPLATE: date(2027, 1, 11),
    D.QUERY_LETTER: date(2027, 2, 22),
    D.FIX_IT_COPY: date(2027, 2, 22),
    D.PARTNER_NOTICE: date(2027, 3, 5),
    D.ANALYSIS_PACK: date(2027, 3, 5),
    D.EVIDENCE: date(2027, 3, 5),
    D.DATA_SHEET: date(2027, 3, 5),
    D.RECEIPT: date(2027, 3, 10),
    D.RETURNED_ANALYSIS: date(2027, 4, 1),
    D.RESPONSE_FORM: date(2027, 4, 1),
    D.EVENT_INVITATION: date(2027, 4, 12),
    D.EVENT_CALENDAR: date(2027, 4, 12),
    D.WITHDRAWAL_NOTICE: date(2027, 4, 20),
    D.EVENT_CANCELLATION: date(2027, 4, 20),
    D.DATES_NOTICE: date(2027, 4, 20),
    D.REMINDER: date(2027, 4, 29),
    D.DRAFT_SUMMARY: date(2027, 5, 20),
    D.CHALLENGER_DRAFT_SUMMARY: date(2027, 5, 20),
    D.DRAFT_NOTICE: date(2027, 5, 20),
    D.CHAIR_SUMMARY: date(2027, 5, 28),
    D.ACTION_PLAN_TEMPLATE: date(2027, 5, 28),
    D.PROGRESS_REPORT_FORM: date(2027, 8, 16),
    D.ACTION_REMINDER: date(2027, 7, 30),
    D.PROGRESS_REPORT_COPY: date(2027, 9, 14),
    D.PROGRESS_COMMENT: date(2027, 9, 20),
    D.FOLLOW_UP_ENDED: date(2027, 9, 27),
    D.REGIONAL_OVERVIEW: date(2027, 6, 21),
}
"""The day on which the sample of a kind goes out, where it is not the usual one."""


@dataclass(frozen=True, slots=True)
class _Step:
    """Something that happened in the sample challenge: when, what came, to what stage, what it is kept as."""

    on: date
    came: Kind | None = None
    stage: Stage | None = None
    kept_as: str | None = None


_PAIRED_ON, _EVENT_SET_ON, _EVENT_ON = date(2027, 3, 5), date(2027, 4, 12), EVENT_DAYS[AUTHOR]
_STEPS = (
    _Step(date(2027, 2, 24), Kind.SELF_ASSESSMENT, Stage.SELF_ASSESSED, "self_assessment_received_at"),
    _Step(_PAIRED_ON, stage=Stage.IN_ANALYSIS, kept_as="pack_issued_at"),
    _Step(date(2027, 4, 1), Kind.ANALYSIS, Stage.RETURNED, "analysis_completed_at"),
    _Step(_EVENT_SET_ON, stage=Stage.EVENT_SET),
    _Step(date(2027, 5, 5), Kind.RESPONSE),
    _Step(_EVENT_ON, stage=Stage.EVENT_HELD),
    _Step(date(2027, 5, 19), Kind.CHAIR_RECORD, Stage.DRAFTED),
    _Step(date(2027, 5, 20), kept_as="draft_issued_at"),
    _Step(date(2027, 5, 20), kept_as="challenger_draft_issued_at"),
    _Step(date(2027, 5, 28), stage=Stage.SUMMARISED),
    _Step(date(2027, 5, 28), kept_as="summary_issued_at"),
    _Step(date(2027, 6, 14), Kind.ACTION_PLAN, Stage.PLANNED, "action_plan_received_at"),
    _Step(date(2027, 6, 14), stage=Stage.IN_FOLLOW_UP),
    _Step(date(2027, 9, 13), Kind.PROGRESS_REPORT),
)
"""The sample challenge, as far as the last sample goes."""


def _count_sample_deadlines(on: date) -> dict[DeadlineName, Deadline]:
    """The deadlines that follow from what has happened in the sample challenge by a day."""
    happened: dict[str, Any] = {
        step.kept_as: datetime.combine(step.on, time(10), LONDON)
        for step in _STEPS
        if step.kept_as and step.on <= on
    }
    event_on = _EVENT_ON if on >= _EVENT_SET_ON else None
    held_on = _EVENT_ON if on > _EVENT_ON else None
    reports = sum(step.came is Kind.PROGRESS_REPORT and step.on <= on for step in _STEPS)
    dates = ChallengeDates(**happened, event_on=event_on, event_held_on=held_on, last_review=reports)
    return challenge_deadlines(sample_cycle(), dates)


_FINDINGS = (
    Finding(
        "sign_off.missing",
        Severity.QUERY,
        "A sign-off is missing: Police. The form speaks for all three partners.",
        "Please ask the partner's lead to agree the form, then give the lead's role and the date.",
        column="signed_off_police",
    ),
    Finding(
        "rating.split",
        Severity.QUERY,
        "There are two ratings here. We cannot choose for you.",
        "Please give the one rating that the partners agree on.",
        "leadership/vision-priorities",
        "rating",
    ),
    Finding(
        "rating.not_chosen",
        Severity.QUERY,
        "No rating was chosen from the list.",
        "Please choose RED, AMBER, GREEN or not applicable from the list.",
        "leadership/delegation",
        "rating",
    ),
    Finding(
        "development.missing",
        Severity.QUERY,
        '"Youth custody" is rated RED, and no area for development is given.',
        "Please say what needs to get better, or change the rating.",
        "education-settings/youth-custody",
        "development",
    ),
    Finding(
        "rating.not_applicable",
        Severity.NOTE,
        "You rated this as not applicable, so it is not in the counts of RED, AMBER and GREEN.",
        "You do not need to do anything.",
        "education-settings/residential-homes",
        "rating",
    ),
    Finding(
        "not_applicable.no_reason",
        Severity.QUERY,
        '"Residential homes" is rated as not applicable, and no reason is given.',
        "Please say in a sentence, under the strengths, why it does not apply to your area, or give it a "
        "rating.",
        "education-settings/residential-homes",
        "rating",
    ),
    Finding(
        "link.private",
        Severity.WARN,
        "There is a link to a SharePoint, intranet or shared drive, which peers can't open.",
        "If your challenger should see what it leads to, please send us a copy. If not, you do not need to "
        "do anything.",
        "scrutiny-assurance/multi-agency-audit",
        "strengths",
    ),
)
"""What the checks say of the first version that the sample author sent. The last of these is said of each."""


@cache
def _render_sample_form() -> bytes:
    """The document that a fix-it copy is made of: the form itself."""
    return render_dispatch_file(sample_facts(D.SELF_ASSESSMENT_TEMPLATE), WordTemplates())


def _first_version() -> SubmissionFacts:
    return SubmissionFacts(
        Kind.SELF_ASSESSMENT,
        version=1,
        received_at=datetime(2027, 2, 22, 14, 5, tzinfo=LONDON),
        outcome=Outcome.QUERIED,
        findings=_FINDINGS,
        original=_render_sample_form(),
    )


def _third_version() -> SubmissionFacts:
    before, after = pd.DataFrame(records_with(texts.SECOND_VERSION)), pd.DataFrame(own_records())
    return SubmissionFacts(
        Kind.SELF_ASSESSMENT,
        version=3,
        received_at=datetime(2027, 3, 10, 14, 5, tzinfo=LONDON),
        outcome=Outcome.WARNED,
        findings=_FINDINGS[-1:],
        original=_render_sample_form(),
        changes=changes_between(before, after),
    )


def _find_sample_reminder(on: date) -> ReminderFacts | None:
    """The reminder of the response that goes out on a day."""
    for found in due_reminders(
        _count_sample_deadlines(on), DeadlineName.RESPONSE_DUE, on, sample_cycle().rules, ()
    ):
        return ReminderFacts(found.what, found.due_on, found.days_left(on), found.rule, found.is_escalation)
    return None


def _dates_changed(on: date) -> DatesChanged:
    """What the dates were before the response was given a week more."""
    before = {name.value: deadline.due_on for name, deadline in _count_sample_deadlines(on).items()}
    week = timedelta(days=7)
    before[DeadlineName.RESPONSE_DUE.value] -= week
    return DatesChanged(before, ("Several of your colleagues are on leave in April.",))


def _find_role_holder(role: Role) -> str:
    """The id of the person or area that holds a role in the sample challenge."""
    chair = sample_event(AUTHOR).chair.id
    return {Role.AUTHOR: AUTHOR, Role.CHALLENGER: CHALLENGER, Role.CHAIR: chair}.get(role, "office")


def _with_contents(facts: Facts) -> Facts:
    """The facts with what areas and Chair wrote in the sample challenge and has come by the day of issue."""
    came = {step.came: step.on for step in _STEPS if step.came and step.on <= facts.issued_on}
    facts = replace(facts, rows=sample_rows(AUTHOR, tuple(came)), particulars=texts.SIGN_OFF)
    if facts.kind in SENT_UNCONFIRMED[Kind.RESPONSE] and Kind.RESPONSE in came:
        facts = replace(facts, response=ResponseFacts(came[Kind.RESPONSE]))
    if Kind.CHAIR_RECORD not in came:
        return facts
    record = texts.SIGN_OFF | texts.CHAIR_RECORD
    facts = replace(facts, items=sample_items(texts.AGREED), particulars=record)
    if Kind.ACTION_PLAN in came:
        facts = replace(facts, actions=pd.DataFrame(texts.ACTIONS, columns=["position", *OF_ACTION]))
    if Kind.PROGRESS_REPORT in came:
        facts = replace(facts, progress=_make_sample_progress(facts.actions))
    return facts


def _make_sample_progress(actions: pd.DataFrame) -> pd.DataFrame:
    """The first progress report on the sample plan."""
    said = [
        {
            "position": number,
            "address": row["address"],
            "development": row["development"] or actions["development"][number - 2],
            "action": describe_planned_action({str(key): value for key, value in row.items()}),
            **dict(zip(texts.PROGRESS_COLUMNS, texts.PROGRESS[row["address"]], strict=True)),
        }
        for number, row in enumerate(actions.to_dict("records"), 1)
    ]
    return pd.DataFrame(said)


def sample_facts(kind: D, role: Role | None = None) -> Facts:
    """Facts from which a dispatch of `kind` can be written, addressed to `role` (its usual one if None)."""
    cycle, needs, on = sample_cycle(), KINDS[kind].needs, _DAYS.get(kind, _USUAL_DAY)
    role = role or KINDS[kind].readers[0]
    facts = Facts(
        kind=kind,
        dispatch_id=f"sample-{kind.value}",
        cycle=cycle,
        framework=sample_framework(),
        issued_on=on,
        recipient=recipient_of(cycle, role, _find_role_holder(role)),
        marking=find_marking(kind, [cycle.rules.marking]),
        region=sample_region(with_contents=Need.CONTENTS in needs, with_notes=Need.NOTES in needs)
        if Need.REGION in needs
        else None,
        review=1 if kind in _OF_REVIEW else 0,
        comment=texts.PROGRESS_COMMENT if Need.COMMENT in needs else "",
        due_actions=("development/1", "development/2/2") if Need.ACTIONS in needs else (),
        last_time=sample_last_time(sample_framework()) if Need.LAST_TIME in needs else None,
        due_actions_on=on if Need.ACTIONS in needs else None,
    )
    return facts if facts.region else _of_challenge(facts, needs)


def _list_sample_evidence(facts: Facts) -> tuple[EvidenceFacts, ...]:
    """The files of the sample challenge, as each kind of document speaks of them."""
    first = next(iter(facts.framework.subheadings))
    going = EvidenceFacts(1, "Appendix C - audit of the front door.png", "png", named_in=(first,))
    if facts.kind is D.EVIDENCE:
        return (replace(going, data=make_grey_box()),)
    if facts.kind is D.ANALYSIS_PACK:
        return (going,)
    staying = EvidenceFacts(2, "Minutes of the board.docx", refusal=Refusal.CHANGES)
    return (going, staying) if facts.kind is D.RECEIPT else ()


def _list_sample_figures() -> tuple[Figure, ...]:
    """The sample area's figures: one in a range, one suppressed, one that the area has not."""
    others = ("a", "b", "c", "d", "e")
    shares = dict(zip((*others, AUTHOR), ("12.1%", "14.8%", "17.0%", "21.5%", "26.3%", "19.4%"), strict=True))
    days = dict(zip((*others, AUTHOR), ("31", "34", "38", "41", "55", "36"), strict=True))
    counts = dict(zip((*others, AUTHOR), ("6", "<5", "9", "11", "7", "<5"), strict=True))
    given = (
        Indicator("Re-referrals within twelve months", "per cent", Direction.LOWER, shares),
        Indicator("Days from referral to conference", "middle value", Direction.LOWER, days),
        Indicator("Children who were missing more than three times", "children", Direction.NEITHER, counts),
        Indicator("Health assessments on time", "per cent", Direction.HIGHER, dict.fromkeys(others, "88%")),
    )
    return tuple(describe_figure(one, AUTHOR) for one in given)


def _of_challenge(facts: Facts, needs: frozenset[Need]) -> Facts:
    people, on = facts.cycle.participant, facts.issued_on
    steps = [step for step in _STEPS if step.on <= on]
    is_paired, event = on >= _PAIRED_ON, sample_event(AUTHOR) if on >= _EVENT_SET_ON else None
    if Need.CONTENTS in needs:
        facts = _with_contents(facts)
    if Need.SUBMISSION in needs:
        is_first = on < _STEPS[0].on
        facts = replace(facts, submission=_first_version() if is_first else _third_version())
    return replace(
        facts,
        author=people[AUTHOR],
        challenger=people[CHALLENGER] if is_paired else None,
        moderator=people[MODERATOR] if is_paired else None,
        chair=event.chair if event else None,
        event=event,
        dates={name: deadline.due_on for name, deadline in _count_sample_deadlines(on).items()},
        met=met_deadlines(
            [step.stage for step in steps if step.stage],
            is_event_agreed=event is not None,
            came={step.came for step in steps if step.came in MOVE_NOTHING},
        ),
        evidence=_list_sample_evidence(facts),
        challenge_counts=count_challenges(_with_contents(facts).rows) if Need.AGENDA in needs else {},
        figures=_list_sample_figures() if Need.FIGURES in needs else (),
        reasons=explain_pair_to_areas(facts.cycle, AUTHOR, CHALLENGER) if Need.REASONS in needs else (),
        reminder=_find_sample_reminder(on) if Need.REMINDER in needs else None,
        dates_changed=_dates_changed(on) if Need.CHANGE in needs else None,
    )
