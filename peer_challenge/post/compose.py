"""Makes the email of a message: its recipients, subject, body and attachments.

Its body are the words of its letters, as text and as HTML, with what to do by when in the first line. The
files that people need are attached, the letters are not attached again. Equal messages give equal bytes.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import PurePosixPath

from peer_challenge.clock import LONDON
from peer_challenge.dispatches.covering import Task
from peer_challenge.dispatches.gather_facts import gather_covering_facts
from peer_challenge.dispatches.kinds import KINDS
from peer_challenge.errors import PeerChallengeError
from peer_challenge.model.cycle import Contact, Cycle
from peer_challenge.model.house_style import SHIPPED_STYLE, HouseStyle
from peer_challenge.model.messages import Addressee
from peer_challenge.model.protective_marking import find_highest_marking
from peer_challenge.model.sentences import join_in_words, name_in_greeting
from peer_challenge.model.who_gets_a_message import MessageRecipients
from peer_challenge.post.group_into_messages import find_recipients
from peer_challenge.post.letter_body import join_letters, make_blocks_of_text, write_html, write_plain_text
from peer_challenge.post.still_needed import is_still_needed
from peer_challenge.register import messages, outbox
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Transaction
from peer_challenge.register.house_styles import load_style_in_use
from peer_challenge.register.issued_files import FileAltered, read_issued_file
from peer_challenge.register.records import Dispatch, DispatchState, Message
from peer_challenge.settings import Settings
from peer_challenge.word.text.letter_blocks import BlockKind, LetterBlock, read_letter_blocks

_POLICY = policy.SMTP.clone(max_line_length=300)
"""A subject folded after its name would begin with a space; a line of a header may have 998 characters."""
_DOMAIN = "peer-challenge.invalid"
_MOST_NAMES = 3
"""More of them would be a list and no greeting."""
_METHOD = re.compile(rb"^METHOD:([A-Z-]+)\r?$", re.MULTILINE)
_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class CanNotCompose(PeerChallengeError):
    """A message can't be made, as one of its files is not in the outbox as it went there."""

    remedy = "Put the file back as it was, then let the message go again."


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of an email: its name as people see it, and its bytes."""

    name: str
    data: bytes

    @property
    def ending(self) -> str:
        """The ending of its name, without the dot."""
        return PurePosixPath(self.name).suffix.lstrip(".")


@dataclass(frozen=True, slots=True)
class Composed:
    """A message as it would go now: what the page shows, and what an email is made of.

    `blocks` are its words, in order, from the greeting to the end. `covering` are those between the greeting
    and the list of attachments, as text that the office can edit. `dispatch_ids` are what it says and holds.
    """

    message: Message
    recipients: MessageRecipients
    subject: str
    blocks: tuple[LetterBlock, ...]
    covering: str
    attachments: tuple[Attachment, ...]
    sender: str
    sender_name: str
    dispatch_ids: tuple[int, ...]
    style: HouseStyle = SHIPPED_STYLE


def compose_message(connection: Transaction, settings: Settings, message: Message, at: datetime) -> Composed:
    """A message as it would go at `at`, with its files from the outbox.

    Raises CanNotCompose where a file is missing or changed, and WrongAddressee where its recipient has no
    right to one of its documents any more.
    """
    contents = messages.list_dispatches_of(connection, [message.id]).get(message.id, ())
    contents = _list_needed(connection, contents)
    if not contents:
        raise CanNotCompose(f"Message {message.id} has no documents.")
    cycle, _ = load_stored(connection, message.cycle_id)
    style = load_style_in_use(connection)
    recipients = find_recipients(cycle, contents)
    facts = [gather_covering_facts(connection, dispatch, at) for dispatch in contents]
    tasks = [KINDS[one.kind].task(one) for one in facts]
    files = {dispatch.id: _read_issued_file(settings, dispatch) for dispatch in contents}
    letters = [dispatch for dispatch in contents if KINDS[dispatch.kind].is_letter]
    task_of = dict(zip((one.id for one in contents), tasks, strict=True))
    letters.sort(key=lambda letter: task_of[letter.id].urgency)
    attached = tuple(
        Attachment(PurePosixPath(dispatch.path or "").name, files[dispatch.id])
        for dispatch in contents
        if not KINDS[dispatch.kind].is_letter
    )
    words = (
        make_blocks_of_text(message.covering)
        if message.covering
        else make_covering_blocks(
            [task for one, task in task_of.items() if one not in {letter.id for letter in letters}],
            [(task_of[letter.id], files[letter.id]) for letter in letters],
        )
    )
    marking = find_highest_marking([one.marking for one in facts])
    return Composed(
        message,
        recipients,
        make_subject(cycle, marking, tasks),
        (
            *_text(marking, f"Dear {_name_greeted(recipients, cycle.office.name)}"),
            *words,
            *_make_end_blocks(cycle, recipients, attached, settings),
            *_text(style.line),
        ),
        message.covering or write_plain_text(words),
        attached,
        settings.smtp_from or cycle.office.email,
        _clean_name(cycle.office.name),
        tuple(one.id for one in contents),
        style,
    )


def leave_out_needless(connection: Transaction, message_id: int) -> None:
    """Cancel what a message that is about to go leaves out: it does not count as sent."""
    contents = messages.list_dispatches_of(connection, [message_id]).get(message_id, ())
    kept = _list_needed(connection, contents)
    outbox.note_left_out(connection, [one.id for one in contents if one not in kept])


def _list_needed(connection: Transaction, contents: Sequence[Dispatch]) -> Sequence[Dispatch]:
    """The dispatches of a message that it still has to say; where it has to say none, those not cancelled."""
    needed = [one for one in contents if is_still_needed(connection, one)]
    return needed or [one for one in contents if one.state is not DispatchState.CANCELLED]


def make_email(composed: Composed, settings: Settings, at: datetime, *, is_draft: bool) -> EmailMessage:
    """The email of a composed message, dated `at`; as a draft it opens unsent in a mail program.

    Its Message-ID is the same whenever it is made.
    """
    email = EmailMessage(policy=_POLICY)
    if is_draft:
        email["X-Unsent"] = "1"
    else:  # RFC 3834: programs do not answer it, people do
        email["Auto-Submitted"] = "auto-generated"
        email["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    email["Subject"] = composed.subject
    if composed.sender:
        email["From"] = Address(composed.sender_name, addr_spec=composed.sender)
    email["To"] = [_make_address(contact) for contact in composed.recipients.to]
    copies = [_make_address(contact) for contact in composed.recipients.copies]
    copies += [Address(addr_spec=address) for address in list_extra_copies(composed, settings)]
    if copies:
        email["Cc"] = copies
    if settings.mail_reply_to:
        email["Reply-To"] = [Address(addr_spec=address) for address in settings.mail_reply_to]
    email["Date"] = format_datetime(at.astimezone(LONDON))
    email["Message-ID"] = f"<{composed.message.key}@{_DOMAIN}>"
    email.set_content(write_plain_text(composed.blocks), cte="quoted-printable")
    style = composed.style
    logo_id = f"logo.{composed.message.key}@{_DOMAIN}" if style.logo else ""
    html = write_html(composed.blocks, title=composed.subject, style=style, logo_id=logo_id)
    email.add_alternative(html, subtype="html", cte="quoted-printable")
    if logo_id:
        _add_logo(email, style.logo, logo_id)
    for attachment in composed.attachments:
        _attach_file(email, attachment)
    _fix_boundaries(email, composed.message.key)
    return email


def is_as_composed(connection: Transaction, composed: Composed) -> bool:
    """Whether a message is still as it was composed: not held, reworded, added to or to other people now."""
    number = composed.message.id
    contents = messages.list_dispatches_of(connection, [number]).get(number, ())
    needed = _list_needed(connection, contents)
    is_same = messages.load_message(connection, number) == composed.message
    if not is_same or tuple(one.id for one in needed) != composed.dispatch_ids:
        return False
    cycle, _ = load_stored(connection, composed.message.cycle_id)
    return find_recipients(cycle, needed) == composed.recipients


def list_extra_copies(composed: Composed, settings: Settings) -> list[str]:
    """The addresses of the settings that get a copy: of what goes to an area or a Chair."""
    if composed.message.addressee is Addressee.OFFICE:
        return []
    known = set(composed.recipients.addresses)
    return [address for address in settings.mail_cc if address not in known]


def _make_address(contact: Contact) -> Address:
    return Address(_clean_name(contact.name), addr_spec=contact.email)


def _clean_name(name: str) -> str:
    """A name on one line: a line break in it would begin a header."""
    return " ".join(name.split())


def make_subject(cycle: Cycle, marking: str, tasks: Sequence[Task]) -> str:
    """The subject of an email: its marking, its most urgent task, and how many there are.

    Where nothing is to be done, tasks that begin with the same words are named together: "Received: this and
    that". Not where a name has a comma, as the two would read as more.
    """
    first = min(tasks, key=lambda task: min(one.urgency for one in task.with_also))
    subject = first.subject
    head, separator, name = subject.rpartition(": ")
    if separator and "," not in name and not any(one.is_asked for one in first.with_also):
        start = head + separator
        names = [task.subject.removeprefix(start) for task in tasks if task.subject.startswith(start)]
        subject = start + join_in_words(dict.fromkeys(names))
    asked = len({task.sentence for one in tasks for task in one.with_also if task.is_asked})
    of_several = f" ({asked} tasks)" if asked > 1 else ""
    marked = f"{marking}: " if marking and cycle.rules.marking_in_subject else ""
    return " ".join(f"{marked}{subject}{of_several}".split())


def _text(*lines: str) -> list[LetterBlock]:
    return [LetterBlock(BlockKind.TEXT, line) for line in lines if line]


def make_covering_blocks(tasks: Sequence[Task], letters: Sequence[tuple[Task, bytes]]) -> list[LetterBlock]:
    """What to do by when, the nearest day first, then the letters' own words, each under its title.

    A message of one letter alone says what it asks for in that letter, and has no need of either.
    """
    of_letters = [task for one, _ in letters for task in one.with_also]
    said_by_letters = {task.sentence for task in of_letters}
    of_files = [task for one in tasks for task in one.with_also]
    attached = [task for task in of_files if task.sentence not in said_by_letters]
    asked = [task for task in of_letters if task.is_asked]
    lead = [*asked, *attached] if attached or len(asked) > 1 else []
    sentences = dict.fromkeys(task.sentence for task in sorted(lead, key=lambda task: task.urgency))
    blocks = [read_letter_blocks(data) for _, data in letters]
    return [*_list_tasks(list(sentences)), *join_letters(blocks, is_titled=bool(lead) or len(letters) > 1)]


def _list_tasks(sentences: Sequence[str]) -> list[LetterBlock]:
    """One task as a sentence, several as a list."""
    if len(sentences) < 2:
        return _text(*sentences)
    return [*_text(_ABOVE_TASKS), *(LetterBlock(BlockKind.BULLET, one) for one in sentences)]


_ABOVE_TASKS = "In this message:"


def _name_greeted(recipients: MessageRecipients, office: str) -> str:
    """Who is greeted: each person or role by name, where they are few; the office's own people together."""
    names = [
        name_in_greeting(_clean_name(contact.name))
        for contact in recipients.to
        if contact.name.strip() and contact.name != office
    ]
    return join_in_words(names) if 0 < len(names) <= _MOST_NAMES else "colleagues"


def _make_end_blocks(
    cycle: Cycle, recipients: MessageRecipients, attached: Sequence[Attachment], settings: Settings
) -> list[LetterBlock]:
    """What is attached, who signs, and to whom it goes."""
    blocks = []
    if attached:
        blocks.append(LetterBlock(BlockKind.HEADING, "Attached"))
        blocks += [LetterBlock(BlockKind.BULLET, attachment.name) for attachment in attached]
    answers = settings.mail_reply_to[0] if settings.mail_reply_to else cycle.office.email
    signed = f"{cycle.office.name}, {cycle.name}{f' ({answers})' if answers else ''}"
    people = [_name_with_area(contact, recipients) for contact in recipients.to]
    people += [f"{_name_with_area(contact, recipients)} (copy)" for contact in recipients.copies]
    return [*blocks, *_text(signed, f"This message goes to: {join_in_words(people)}." if people else "")]


def _name_with_area(contact: Contact, recipients: MessageRecipients) -> str:
    """ "Partnership manager at Ashcombe"; a Chair and the office are called by their name alone."""
    name = _clean_name(contact.name) or contact.email
    return name if name == recipients.name else f"{name} at {recipients.name}"


def _read_issued_file(settings: Settings, dispatch: Dispatch) -> bytes:
    """The file of a dispatch as it went into the outbox. Raises CanNotCompose."""
    try:
        return read_issued_file(settings.outbox_folder, dispatch)
    except (FileNotFoundError, FileAltered):
        raise CanNotCompose(
            f"The file of its {dispatch.kind.in_words} is not in the outbox as it went there.",
            remedy=f"Put outbox/{dispatch.path} back as it was, then let the message go again.",
        ) from None


def _add_logo(email: EmailMessage, logo: bytes, logo_id: str) -> None:
    """Put the logo beside the HTML, where mail programs show it without fetching anything."""
    part = email.get_body(("html",))
    assert isinstance(part, EmailMessage)
    part.add_related(logo, "image", "png", cid=f"<{logo_id}>", disposition="inline", filename="logo.png")


def _attach_file(email: EmailMessage, attachment: Attachment) -> None:
    if attachment.ending == "ics":
        method = _METHOD.search(attachment.data)
        email.add_attachment(
            attachment.data.decode("utf-8"), subtype="calendar", filename=attachment.name, cte="base64"
        )
        part = list(email.iter_attachments())[-1]
        if method:
            part.set_param("method", method[1].decode("ascii"))
        return
    maintype, _, subtype = _MEDIA_TYPES.get(attachment.ending, "application/octet-stream").partition("/")
    email.add_attachment(attachment.data, maintype=maintype, subtype=subtype, filename=attachment.name)


def _fix_boundaries(email: EmailMessage, key: str) -> None:
    """Give the parts boundaries that follow from the message, so that it is the same whenever it is made."""
    for number, part in enumerate(part for part in email.walk() if part.is_multipart()):
        digest = hashlib.sha256(f"{key}/{number}".encode()).hexdigest()[:40]
        part.set_boundary(f"=={digest}==")
