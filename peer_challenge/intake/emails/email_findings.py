"""The findings about emails: no form in one, several versions of one, or a part that could not be read."""

from collections import Counter
from collections.abc import Iterable, Mapping

from peer_challenge.intake.emails.message_content import Problem
from peer_challenge.intake.emails.part_sorts import PART_NAMES
from peer_challenge.model.findings import Finding
from peer_challenge.model.sentences import join_in_words, say_how_many
from peer_challenge.model.vocabulary import Severity
from peer_challenge.word.reader_findings import Code

_BY_ITSELF = "Save the Word document that is attached to it, and send that document by itself."
_ATTACH = (
    "Attach the completed form to an email as a Word document (.docx), and send it again. "
    "If the form is in a shared drive, save a copy of it first and attach that copy."
)

NO_FORM = Code("email.no_form", Severity.REJECT, "We found no form in this email. {found}", _ATTACH)
ENCRYPTED = Code(
    "email.encrypted",
    Severity.REJECT,
    "This email is encrypted for somebody else, so we cannot open it.",
    "Open it in the mail program of the person it was sent to. " + _BY_ITSELF,
)
REPORT = Code(
    "email.report",
    Severity.REJECT,
    "This is a report from a mail server about another email, for example that it could not be delivered.",
    "Look in the report which address it is about, and correct that address in the cycle.",
)
IN_PIECES = Code(
    "email.in_pieces",
    Severity.REJECT,
    "This is one piece of an email that a mail program has cut into several.",
    "Open the whole email in the mail program. " + _BY_ITSELF,
)
DAMAGED = Code(
    "email.damaged", Severity.REJECT, "This email is damaged, so we cannot read what is in it.", _BY_ITSELF
)
TOO_MANY_PARTS = Code(
    "email.too_many_parts", Severity.REJECT, "This email holds far more files than we can open.", _BY_ITSELF
)
TOO_DEEP = Code(
    "email.too_deep",
    Severity.REJECT,
    "This email holds too many other emails, one inside another, so we did not open it.",
    _BY_ITSELF,
)
TOO_MUCH = Code(
    "email.too_much",
    Severity.REJECT,
    "Opening this email takes far more work or memory than an email with a form should.",
    _BY_ITSELF,
)
SEVERAL_VERSIONS = Code(
    "email.several_versions",
    Severity.QUERY,
    "The email holds {count} different versions of this form, so it is not clear which one counts.",
    "Send the version that you all agreed, in an email of its own.",
)
PART_UNREAD = Code(
    "email.part_unread",
    Severity.WARN,
    "Another part of the email that this form came in could not be read: it is {what}.",
    "If you sent anything else with this form, send that again in an email of its own.",
)
CODES = (
    NO_FORM,
    ENCRYPTED,
    REPORT,
    IN_PIECES,
    DAMAGED,
    TOO_MANY_PARTS,
    TOO_DEEP,
    TOO_MUCH,
    SEVERAL_VERSIONS,
    PART_UNREAD,
)
_BY_CODE: Mapping[str, Code] = {code.code: code for code in CODES}
_UNREAD = {Problem.ENCRYPTED: "encrypted", Problem.DAMAGED: "damaged", Problem.IN_PIECES: "cut into pieces"}


def make_email_finding(code: str, **gaps: object) -> Finding:
    """The finding with this code; `gaps` fill its message."""
    known = _BY_CODE[code]
    return Finding(known.code, known.severity, known.message.format(**gaps), known.remedy)


def make_no_form_finding(whats: Iterable[str], problems: set[Problem]) -> Finding:
    """Why no form was found in an email: what is in it, by sorts of file (`whats`, keys of PART_NAMES)."""
    for problem, code in (
        (Problem.REPORT, REPORT),
        (Problem.ENCRYPTED, ENCRYPTED),
        (Problem.IN_PIECES, IN_PIECES),
        (Problem.DAMAGED, DAMAGED),
    ):
        if problem in problems:
            return make_email_finding(code.code)
    counts = Counter(what for what in whats if what not in ("text", "signature"))
    if Problem.LINKED in problems:
        counts["link"] += 1
    things = [say_how_many(counts[what], *PART_NAMES[what]) for what in PART_NAMES if counts[what]]
    found = f"In it we found {join_in_words(things)}." if things else "Nothing is attached to it."
    return make_email_finding(NO_FORM.code, found=found)


def find_unread_parts(problems: Iterable[Problem]) -> list[Finding]:
    """The findings that something beside a form could not be read."""
    return [
        make_email_finding(PART_UNREAD.code, what=_UNREAD[one]) for one in sorted(problems) if one in _UNREAD
    ]
