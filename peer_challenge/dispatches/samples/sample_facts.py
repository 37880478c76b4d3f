"""Sample facts of every kind of dispatch, of a fictional region: for previews, the gallery and tests."""

from datetime import date, datetime
from functools import cache
from typing import Any

import pandas as pd

from peer_challenge.dispatches.facts import Facts, ReminderFacts, SubmissionFacts
from peer_challenge.dispatches.kinds import KINDS, Need
from peer_challenge.dispatches.render_dispatch import render
from peer_challenge.dispatches.samples import sample_texts as texts
from peer_challenge.dispatches.samples.sample_area import (
    AUTHOR,
    CHALLENGER,
    LONDON,
    sample_cycle,
    sample_event,
    sample_framework,
    sample_items,
    sample_rows,
)
from peer_challenge.dispatches.samples.sample_region import sample_region
from peer_challenge.model.challenge import Recipient
from peer_challenge.model.cycle import Contact
from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.model.vocabulary import Kind, Outcome, Role, Severity
from peer_challenge.word.write.render_template import WordTemplates

MODERATOR = "kestrel-riding"
_ISSUED = {D.MONDAY_BRIEF: date(2027, 5, 10), D.REGIONAL_OVERVIEW: date(2027, 6, 21)}


def _findings() -> tuple[Finding, ...]:
    query, warn = Severity.QUERY, Severity.WARN
    return (
        Finding(
            "rating.split",
            query,
            "The rating is given as Amber/Green, and we can't take a rating between two.",
            "Choose the one rating that the three partners agree on.",
            "leadership/vision-priorities",
            "rating",
        ),
        Finding(
            "rating.missing",
            query,
            "There is no rating here.",
            "Choose RED, AMBER, GREEN or NOT APPLICABLE from the list.",
            "leadership/delegation",
            "rating",
        ),
        Finding(
            "development.missing",
            query,
            "The rating is RED, and no area for development is given.",
            "Say what needs to change, in a sentence or two.",
            "education-settings/youth-custody",
            "development",
        ),
        Finding(
            "not-applicable.reason",
            query,
            "NOT APPLICABLE is chosen, and no reason is given.",
            "Say in the strengths column why this does not apply in your area.",
            "education-settings/residential-homes",
            "strengths",
        ),
        Finding(
            "sign-off.missing",
            query,
            "The sign-off of the police is not filled in.",
            "Ask the police lead to sign off, and give the role and the date.",
        ),
        Finding(
            "length.over",
            warn,
            "The narrative runs to 412 words; the guide is 250.",
            "You may shorten it. Nothing was cut.",
            "voice/child-voice",
            "strengths",
        ),
        Finding(
            "link.private",
            warn,
            "A link goes to an intranet page that your peers can't open.",
            "Send a copy of the page with your next version if it matters to the challenge.",
            "scrutiny-assurance/multi-agency-audit",
            "strengths",
        ),
    )


@cache
def _form() -> bytes:
    """The document that a fix-it copy is made of: the form itself."""
    return render(sample_facts(D.SELF_ASSESSMENT_TEMPLATE), WordTemplates())


def _submission(kind: D) -> SubmissionFacts:
    is_query = kind in (D.QUERY_LETTER, D.FIX_IT_COPY)
    findings = _findings() if is_query else tuple(f for f in _findings() if f.severity is Severity.WARN)
    changes = (
        ()
        if is_query
        else (
            ("leadership/vision-priorities", "rating", "Amber/Green", "AMBER"),
            (
                "education-settings/youth-custody",
                "development",
                "",
                texts.AUTHOR_ROWS["education-settings/youth-custody"][2],
            ),
        )
    )
    return SubmissionFacts(
        Kind.SELF_ASSESSMENT,
        version=1 if is_query else 2,
        received_at=datetime(2027, 2, 22 if is_query else 24, 14, 5, tzinfo=LONDON),
        outcome=Outcome.QUERIED if is_query else Outcome.WARNED,
        findings=findings,
        original=_form() if kind is D.FIX_IT_COPY else None,
        changes=changes,
    )


def _recipient(role: Role) -> Recipient:
    cycle = sample_cycle()
    if role is Role.CHAIR:
        chair = cycle.chairs[0]
        return Recipient(role, chair.id, chair.name, (Contact(name=chair.name, email=chair.email),))
    if role is Role.OFFICE:
        return Recipient(role, "office", cycle.office.name, (cycle.office,))
    area = cycle.participant[AUTHOR if role is Role.AUTHOR else CHALLENGER]
    return Recipient(role, area.id, area.name, area.contacts)


_DATES = {
    "self_assessment_due": date(2027, 2, 26),
    "analysis_due": date(2027, 4, 6),
    "response_due": date(2027, 5, 6),
    "event_by": date(2027, 6, 7),
    "event_on": date(2027, 5, 13),
    "chair_record_due": date(2027, 5, 20),
    "action_plan_due": date(2027, 6, 17),
}
_TOLD = {
    D.RECEIPT: ("analysis_due", "event_by"),
    D.REMINDER: ("response_due", "event_on", "chair_record_due"),
}


def _plan() -> pd.DataFrame:
    agreed = [item for item in texts.AGREED if item[0] == "development"]
    return pd.DataFrame(
        [
            {
                "position": n,
                "development": text,
                "subheading": address,
                "action": "",
                "owner": "",
                "due_on": "",
                "measure": "",
            }
            for n, (_, address, text) in enumerate(agreed, 1)
        ]
    )


def sample_facts(kind: D, role: Role | None = None) -> Facts:
    """Facts from which a dispatch of `kind` can be written, addressed to `role` (its usual one if None)."""
    cycle = sample_cycle()
    to = _recipient(role or KINDS[kind].readers[0])
    shared: dict[str, Any] = {
        "kind": kind,
        "dispatch_id": f"sample-{kind.value}",
        "cycle": cycle,
        "framework": sample_framework(),
        "issued_on": _ISSUED.get(kind, date(2027, 5, 10)),
        "recipient": to,
        "marking": cycle.rules.marking,
    }
    if Need.REGION in KINDS[kind].needs:
        return Facts(**shared, region=sample_region())
    early = {
        D.RECEIPT: date(2027, 2, 24),
        D.QUERY_LETTER: date(2027, 2, 22),
        D.FIX_IT_COPY: date(2027, 2, 22),
        D.SELF_ASSESSMENT_TEMPLATE: date(2027, 1, 11),
        D.PARTNER_NOTICE: date(2027, 3, 5),
        D.ANALYSIS_PACK: date(2027, 3, 5),
        D.RETURNED_ANALYSIS: date(2027, 4, 6),
        D.RESPONSE_FORM: date(2027, 4, 6),
        D.EVENT_INVITATION: date(2027, 4, 12),
        D.REMINDER: date(2027, 4, 30),
        D.CHAIR_SUMMARY: date(2027, 5, 20),
        D.ACTION_PLAN_TEMPLATE: date(2027, 5, 20),
    }
    shared["issued_on"] = early.get(kind, shared["issued_on"])
    known = {name: _DATES[name] for name in _TOLD.get(kind, _DATES)}
    return Facts(
        **shared,
        author=cycle.participant[AUTHOR],
        challenger=cycle.participant[CHALLENGER],
        chair=cycle.chairs[0],
        moderator=cycle.participant[MODERATOR],
        dates=known,
        rows=sample_rows(),
        items=sample_items(texts.AGREED),
        actions=_plan(),
        submission=_submission(kind) if Need.SUBMISSION in KINDS[kind].needs else None,
        event=sample_event(0, AUTHOR, CHALLENGER, date(2027, 5, 13)),
        reasons=texts.REASONS,
        reminder=ReminderFacts("response_due", date(2027, 5, 6), 6, "7 days before the due day"),
        particulars={
            "held_on": "13 May 2027",
            "chair": "Independent Chair one",
            "consensus": "Yes",
            "author_present": "Director of children's services; chief nurse; district commander",
            "challenger_present": "Partnership manager; head of safeguarding; detective chief inspector",
            "signed_off": "Independent Chair one",
            "signed_on": "19 May 2027",
            "notes": "",
        },
    )
