"""Sending a draft of an email through the mail server that the settings name."""

import smtplib
import ssl
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import NoReturn

from peer_challenge.errors import PeerChallengeError
from peer_challenge.settings import Settings

_SECONDS = 30
_GOING_AWAY = 421


class MailNotSent(PeerChallengeError):
    """A message will not be sent."""

    remedy = "Check the address in the cycle. The draft is in the outbox: send it by hand."


class MailInDoubt(MailNotSent):
    """A message may or may not have gone."""

    remedy = "Ask the recipient. The draft is in the outbox if it has to go again."


class MailServerAway(PeerChallengeError):
    """The mail server can't be used now; nothing went."""

    remedy = "It is tried again at the next run. `peer-challenge doctor` shows the smtp_ settings."


class MailPutOff(MailServerAway):
    """The mail server does not take this message now, but may take others."""


def send_email_draft(settings: Settings, draft: bytes, allowed: Collection[str]) -> None:
    """Send a draft through the server that the settings name, to addresses of `allowed` only.

    Raises MailServerAway when the server can't be used now, MailPutOff when it does not take this
    message now (in both cases nothing was sent), MailInDoubt when the connection broke while it was taking
    the message, MailNotSent when it will not take it.
    """
    if not draft:
        raise MailNotSent("The draft is not in the outbox as it went there.")
    message = message_from_bytes(draft, policy=policy.SMTP)
    to = {address.addr_spec for header in message.get_all("To", []) for address in header.addresses}
    if not to or not to <= set(allowed):
        raise MailNotSent("The draft is not addressed to those it is for.")
    del message["X-Unsent"]
    if settings.smtp_from:
        del message["From"]
        message["From"] = settings.smtp_from
    with open_mail_server(settings) as server:
        _hand_over(server, message)


@contextmanager
def open_mail_server(settings: Settings) -> Iterator[smtplib.SMTP]:
    """A connection to the mail server of the settings, signed in as they say. Raises MailServerAway."""
    server = None
    try:
        server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=_SECONDS)
        if settings.smtp_tls:
            server.starttls(context=ssl.create_default_context())
        if settings.smtp_user and settings.smtp_password:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    except (OSError, smtplib.SMTPException) as error:
        if server is not None:
            server.close()
        raise MailServerAway(f"The mail server can't be used ({type(error).__name__}).") from None
    try:
        yield server
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        _turned_away(min(code for code, _ in error.recipients.values()))
    except smtplib.SMTPResponseException as error:
        _turned_away(error.smtp_code)
    except (OSError, smtplib.SMTPException) as error:
        raise MailInDoubt(
            f"The connection broke while the mail was handed over ({type(error).__name__})."
        ) from None


def _turned_away(code: int) -> NoReturn:
    """The server's own answer: 421 says it goes away, other 4xx not now, 5xx never."""
    if code == _GOING_AWAY:
        raise MailServerAway(f"The mail server took no mail for now ({code}).") from None
    if code < 500:
        raise MailPutOff(f"The mail server did not take the message for now ({code}).") from None
    raise MailNotSent(f"The mail server turned the message away ({code}).") from None
