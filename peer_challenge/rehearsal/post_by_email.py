"""The rehearsal's returns as emails: each form comes from its area's contact, or from its Chair."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from peer_challenge.model.cycle import Cycle
from peer_challenge.post.imap_mailbox import close_mailbox, connect_mailbox, explain_mail_errors
from peer_challenge.settings import Settings

_WORD = "vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class ReturnedForm:
    """A filled-in form on its way: `sender_id` is an area's or a Chair's id, `key` no other form's."""

    key: str
    sender_id: str
    name: str
    data: bytes
    sent_at: datetime


def put_into_mailbox(settings: Settings, cycle: Cycle, forms: Sequence[ReturnedForm]) -> None:
    """Let each form arrive in the office's mailbox, in an email of its own. Raises MailboxAway."""
    senders = _collect_senders(cycle)
    box = connect_mailbox(settings)
    try:
        for form in forms:
            name, address = senders[form.sender_id]
            email = EmailMessage()
            email["From"], email["To"] = formataddr((name, address)), cycle.office.email
            email["Subject"] = "Our form for the peer challenge"
            email["Date"] = format_datetime(form.sent_at)
            email["Message-ID"] = f"<{form.key}@rehearsal.invalid>"
            email.set_content("Good morning,\n\nour form is attached.\n")
            email.add_attachment(form.data, maintype="application", subtype=_WORD, filename=form.name)
            with explain_mail_errors():
                box.append(email.as_bytes(), settings.imap_folder)
    finally:
        close_mailbox(box)


def _collect_senders(cycle: Cycle) -> dict[str, tuple[str, str]]:
    """Name and address of who sends in the forms of each area and Chair, by id."""
    areas = {area.id: (area.contacts[0].name, area.contacts[0].email or "") for area in cycle.participants}
    return areas | {chair.id: (chair.name, chair.email) for chair in cycle.chairs}
