"""The findings about how a document arrived, in words: out of turn, late, as a copy, or by another way.

late_or_out_of_turn.py, which_version_counts.py and came_another_way.py decide when there is one.
"""

from peer_challenge.intake.emails.sent_day import SENT_DAY
from peer_challenge.intake.emails.unexpected_sender import OTHER_PARTNER, OTHER_SENDER
from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import KIND_NAMES, Kind, Severity
from peer_challenge.word.reader_findings import Code

OUT_OF_TURN = Code(
    "intake.out_of_turn",
    Severity.REJECT,
    "We cannot take in this {what} now: it is too early or too late for it.",
    "If you meant to send another form, send that one. If we have to take in this {what}, ask us.",
)
NOBODYS = Code(
    "intake.nobodys",
    Severity.REJECT,
    "It can't be told which area and which open cycle this document belongs to.",
    "Send the form of the present cycle. Ask us for it if you don't have it.",
)
LATE = Code(
    "intake.late",
    Severity.WARN,
    "This {what} was due on {due} and reached us on {came}. We can still use it.",
    "If another form may be late, please tell us as soon as you know.",
)
QUESTIONS_LATE = Code(
    LATE.code,
    Severity.WARN,
    "Your questions were due on {due} and reached us on {came}. We can still use them.",
    LATE.remedy,
)
CORRECTIONS_LATE = Code(
    LATE.code,
    Severity.WARN,
    "You could correct the draft until {due}. Your corrections came on {came}, before the summary was final, "
    "so we can still use them.",
    "You do not need to do anything.",
)
"""Nothing was due: who finds the draft right sends nothing."""
OTHER_WAY = Code(
    "intake.other_way",
    Severity.WARN,
    "A new version of this {what} arrived on {came}. It was {how}; the version before was {how_before}.",
    "If this was not you, tell us at once.",
)
IDENTIFIED = Code(
    "intake.identified",
    Severity.WARN,
    "It was not certain whose this {what} is. We decided that it is yours.",
    "If it is not yours, tell us at once.",
)
CONFLICT_COPY = Code(
    "intake.conflict_copy",
    Severity.QUERY,
    "A second copy of this {what} came on the same day. It differs from the first, and its name is like "
    "those that programs give to copies. We go on using the first.",
    "Compare the two files. If the second counts, save it in Word under another name and send it again. "
    "If the first counts, you do not need to do anything.",
)
OLDER_VERSION = Code(
    "intake.older_version",
    Severity.QUERY,
    "This {what} was sent on {sent}. The version that we use was sent later, on {sent_later}. "
    "We go on using the later one.",
    "If this earlier version counts, send it again in a new email. If not, you do not need to do anything.",
)
WHICH_REVIEW = Code(
    "intake.which_review",
    Severity.QUERY,
    "We can't tell which of your progress reports this is.",
    "Please fill in the form that we sent you for this report, and send that. It says at the top which "
    "report it is. Keep that line.",
)
EARLIER_REVIEW = Code(
    "intake.earlier_review",
    Severity.QUERY,
    "This is {what} {review}, which we have already. We now wait for {what} {awaited}.",
    "If you meant it as {what} {awaited}, copy your words into the form for {what} {awaited} and send that. "
    "If it corrects {what} {review}, please send this file again: we then use it.",
)
CODES = (
    OUT_OF_TURN,
    NOBODYS,
    LATE,
    OTHER_WAY,
    IDENTIFIED,
    CONFLICT_COPY,
    OLDER_VERSION,
    WHICH_REVIEW,
    EARLIER_REVIEW,
    SENT_DAY,
    OTHER_SENDER,
    OTHER_PARTNER,
)


def make_no_place_finding() -> tuple[Finding, ...]:
    """The finding that a document belongs to no challenge.

    Judging leaves it out where another finding rejects the document.
    """
    return (Finding(NOBODYS.code, NOBODYS.severity, NOBODYS.message, NOBODYS.remedy),)


def make_identified_finding(kind: Kind) -> Finding:
    """The finding that the office decided whose a document is."""
    return make_arrival_finding(IDENTIFIED, kind)


_CALLED = {
    **KIND_NAMES,
    Kind.ANALYSIS: "analysis pack",
    Kind.CHALLENGER_CORRECTIONS: KIND_NAMES[Kind.CORRECTIONS],
}
"""What each kind is called by those who send it: questions go back in their pack, each area has its draft."""


def make_arrival_finding(code: Code, kind: Kind, **gaps: str) -> Finding:
    """A finding about how a document of this kind arrived; `gaps` are what else its words leave open."""
    gaps["what"] = _CALLED[kind]
    return Finding(code.code, code.severity, code.message.format(**gaps), code.remedy.format(**gaps))
