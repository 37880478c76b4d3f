"""What is held about a person: where it is, how long it is kept, and how it is corrected or erased.

Source: articles 15 to 17 of the UK GDPR. What is listed are places and numbers, never what is written there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby

from peer_challenge.errors import WrongUse
from peer_challenge.model.names_alike import make_name_key
from peer_challenge.model.sentences import capitalise_first_letter, name_in_plain_words
from peer_challenge.register import journal, personal_data, submissions
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.personal_data import NamingRow, names_somebody
from peer_challenge.settings import Settings
from peer_challenge.system.folder_handles import files_below

_SHORTEST = 3
"""Initials and words such as "of" would be found in nearly every row."""
_UNTIL_PURGED = "Until the cycle's retention time is over."
_FOR_GOOD = "For good."
_BUT_ID_STAYS = f"{_UNTIL_PURGED} The id of a Chair, which is made of the name, stays for good."


@dataclass(frozen=True, slots=True)
class Holding:
    """What one table holds about people: in words, how long, and what the office can do about it."""

    what: str
    kept: str
    remedy: str


_IN_THE_CYCLE = "Change it on the page Cycle. Earlier versions go with the cycle."
_IN_A_DOCUMENT = "Ask the area for a new version without it. All versions go with the cycle."
_IN_THE_RECORD = "It cannot be changed: each entry is tied to the one before."
_DOCUMENT = Holding("words of a document that came in", _UNTIL_PURGED, _IN_A_DOCUMENT)
_STAYS = "It is part of the permanent record."
_GOES = "It goes with the cycle."
_MADE_BY = Holding("who did something, or why", _UNTIL_PURGED, _GOES)
_OF_DOCUMENTS = (
    *("self_assessment_rows", "analysis_rows", "response_rows", "actions", "progress_rows"),
    *("particulars", "unmapped_texts", "findings", "submissions", "corrected_lines"),
)
HOLDINGS: Mapping[str, Holding] = {
    **dict.fromkeys(_OF_DOCUMENTS, _DOCUMENT),
    "agreed_items": Holding("what was agreed at an event", _FOR_GOOD, _STAYS),
    "users": Holding(
        "an account to sign in with",
        "Of an area or Chair: until the cycle's retention time is over. Of the office: for good.",
        "Remove the access on the page People.",
    ),
    "cycles": Holding("contacts, Chairs and the office in a cycle", _UNTIL_PURGED, _IN_THE_CYCLE),
    "cycle_versions": Holding("an earlier version of a cycle", _UNTIL_PURGED, _IN_THE_CYCLE),
    "cycle_drafts": Holding(
        "a cycle in preparation", "Until it is opened or deleted.", "Change or delete it."
    ),
    "framework_drafts": Holding(
        "a framework in preparation", "Until it is saved or thrown away.", "Change it or throw it away."
    ),
    "messages": Holding("an email that was sent, or its address", _UNTIL_PURGED, _GOES),
    "dispatches": Holding("a document that went out", _BUT_ID_STAYS, _GOES),
    "email_submissions": Holding("the sender of an email", _UNTIL_PURGED, _GOES),
    "email_attachments": Holding("the name of a file in an email", _UNTIL_PURGED, _GOES),
    "mailbox_messages": Holding(
        "the sender of an email in the mailbox",
        "Until the months are over for which a closed cycle is kept, from the day it came.",
        "It goes by itself.",
    ),
    "challenge_notes": Holding("a note of the office", _UNTIL_PURGED, _GOES),
    "progress_comments": Holding("a comment on a progress report", _UNTIL_PURGED, _GOES),
    "settled_corrections": Holding("a decision about a correction to a summary", _UNTIL_PURGED, _GOES),
    "journal": Holding("the record of who did what", _FOR_GOOD, _IN_THE_RECORD),
    "decisions": _MADE_BY,
    "adjustments": _MADE_BY,
    "assignments": _MADE_BY,
    "challenges": Holding("why an area was withdrawn", _UNTIL_PURGED, _GOES),
    "deadlines": Holding(
        "how a date was worked out", _UNTIL_PURGED, "Change the date on the challenge's page."
    ),
    "participants": Holding("the name of an area", _FOR_GOOD, _STAYS),
    "events": Holding("the place or Chair of an event", _BUT_ID_STAYS, "Change it on the event's page."),
    "proposed_events": Holding(
        "the place of an event that is proposed",
        "Until it is agreed, or the cycle's retention time is over.",
        "Change the proposed event.",
    ),
    "cycle_indicators": Holding(
        "the indicators of a cycle, and who gave them",
        "Until they are replaced or removed. Who gave them goes with the cycle.",
        "Give another table, or remove it, on the page Cycle.",
    ),
    "house_styles": Holding("a house style, and who saved or used it", _FOR_GOOD, _STAYS),
    "received_emails": Holding("an email that came in", _UNTIL_PURGED, _GOES),
    "sessions": Holding(
        "somebody's visit to the pages",
        "Until they sign out, or do not use it for some time.",
        "Remove the access on the page People.",
    ),
    "sign_in_attempts": Holding(
        "a failed attempt to sign in, without the name", "A quarter of an hour.", "It goes by itself."
    ),
    "event_replies": Holding("who comes to an event", _UNTIL_PURGED, "Change the reply on the event's page."),
    "event_attendance": Holding("who came to an event", _UNTIL_PURGED, "Change the note of who came."),
    "evidence_files": Holding("a file that came with a form", _UNTIL_PURGED, _IN_A_DOCUMENT),
    "known_devices": Holding(
        "a browser in which somebody signed in",
        "180 days after its last use.",
        "Remove the access on the page People.",
    ),
    "uploads": Holding("that somebody sent in a document here", _UNTIL_PURGED, _GOES),
    "mail_answers": Holding(
        "a hash of an address that was told that its email came", "30 days.", "It goes by itself."
    ),
    "public_texts": Holding("the accessibility statement or privacy notice", _FOR_GOOD, "Change the text."),
}
"""What each table of the register may hold about a person. A table that is not here is listed by its name."""


_SETTING = Holding("a setting", "Until it is changed.", "Change it on the page Mail or Settings.")
_FILE = Holding(
    "the name of a file",
    "Until the file is moved or its cycle's retention time is over.",
    "Look at the files there.",
)
_FRAMEWORK = Holding("a framework of your own", "Until it is deleted.", "Change it on the page Frameworks.")


@dataclass(frozen=True, slots=True)
class HeldData:
    """One thing held about a person. `where` names it, `times` counts the rows that name them."""

    what: str
    where: str
    times: int
    kept: str
    remedy: str

    def as_dict(self) -> dict[str, object]:
        """The finding as a mapping for JSON."""
        return asdict(self)


def find_personal_data(
    register: Register, settings: Settings, name: str, *, at: datetime, actor: str
) -> list[HeldData]:
    """Everything that names a person or an email address: in the register, the settings, the names of files.

    The journal says that somebody looked, not for whom. Raises WrongUse for a name that is too short.
    """
    if len(make_name_key(name)) < _SHORTEST:
        raise WrongUse(
            "That is too short to look for.",
            remedy=f"Write a name or an address of {_SHORTEST} letters or more.",
            about="name",
        )
    with register.reading() as connection:
        rows = list(personal_data.find_rows_naming(connection, name))
        found = [_describe_group(connection, list(group)) for group in _group_rows(rows)]
    found += _find_beside_register(settings, make_name_key(name))
    with register.writing() as connection:
        journal.append_entry(connection, "personal data looked up", at=at, actor=actor, places=len(found))
    return found


def _find_beside_register(settings: Settings, key: str) -> list[HeldData]:
    """What names a person in the settings, in frameworks of the office's own, and in the names of files."""
    values = {field: getattr(settings, field) for field in Settings.model_fields}
    named = [
        HeldData(capitalise_first_letter(_SETTING.what), field, 1, _SETTING.kept, _SETTING.remedy)
        for field, value in values.items()
        if names_somebody(list(value) if isinstance(value, tuple) else value, key)
    ]
    folders = {
        "inbox": settings.inbox_folder,
        "outbox": settings.outbox_folder,
        "rejected documents": settings.rejected_folder,
        "documents being taken in": settings.intake_folder,
        "templates": settings.home / "templates",
        "backups": settings.home / "backups",
    }
    for where, folder in folders.items():
        paths = files_below(folder, is_shared=True)
        named += _count_held(_FILE, where, sum(names_somebody(str(path), key) for path in paths))
    own = settings.own_frameworks
    texts = [(own / path).read_text("utf-8", "replace") for path in files_below(own)]
    return named + _count_held(_FRAMEWORK, "frameworks", sum(names_somebody(text, key) for text in texts))


def _count_held(holding: Holding, where: str, times: int) -> list[HeldData]:
    told = HeldData(capitalise_first_letter(holding.what), where, times, holding.kept, holding.remedy)
    return [told] if times else []


def _group_rows(rows: Iterable[NamingRow]) -> list[list[NamingRow]]:
    """The rows that say one thing together: those of one holding that belong to one thing."""

    def choose_group(row: NamingRow) -> tuple[str, str, str]:
        return (
            _find_holding(row.table).what,
            row.belongs_to.removesuffix("s").removesuffix("_id"),
            row.owner_id,
        )

    return [list(group) for _, group in groupby(sorted(rows, key=choose_group), key=choose_group)]


def _find_holding(table: str) -> Holding:
    return HOLDINGS.get(table) or Holding(name_in_plain_words(table), "Not known.", "Ask for support.")


def _describe_group(connection: Transaction, rows: list[NamingRow]) -> HeldData:
    holding = _find_holding(rows[0].table)
    return HeldData(
        capitalise_first_letter(holding.what),
        _name_owner(connection, rows[0]),
        len(rows),
        holding.kept,
        holding.remedy,
    )


def _name_owner(connection: Transaction, row: NamingRow) -> str:
    """What a row belongs to, by the ids that the office's pages use."""
    if row.belongs_to in ("submissions", "submission_id"):
        found = submissions.load_submission(connection, int(row.owner_id))
        return f"document {row.owner_id}" + (
            f", challenge {found.challenge_id}" if found and found.challenge_id else ""
        )
    kinds = {"cycles": "cycle", "cycle_id": "cycle", "challenge_id": "challenge", "email_id": "email"}
    kinds |= {"users": "account", "user_id": "account"}
    if row.belongs_to in kinds:
        return f"{kinds[row.belongs_to]} {row.owner_id}"
    return f"number {row.key[0]}"
