"""What runs in the process that opens emails."""

import logging

from peer_challenge.intake.emails.message_content import TooMuchInside
from peer_challenge.intake.emails.open_email import open_email
from peer_challenge.intake.emails.opened_email import OpenedEmail
from peer_challenge.word.package.reading_limits import Limits


def open_email_plainly(data: bytes, limits: Limits) -> dict[str, object]:
    """What is found in an email, as plain values (OpenedEmail.as_plain). The libraries log nothing of it."""
    logging.disable()
    try:
        return open_email(data, limits).as_plain()
    except TooMuchInside as why:
        return OpenedEmail(failure=why.code).as_plain()
