"""Gives an email to the mail server that the settings name, and says what became of it."""

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from typing import NoReturn, overload

from peer_challenge.errors import PeerChallengeError
from peer_challenge.post.oauth import (
    MailSignInAway,
    MailSignInFailed,
    fetch_access_token,
    format_xoauth2,
    signs_in_by_token,
)
from peer_challenge.settings import Settings

_SECONDS = 30
"""A server that is silent for longer is taken to be away, or the message to be in doubt."""
_GOING_AWAY = 421
"""After it the server closes the connection, so that no other message can go either (RFC 5321, 3.8)."""


class MailNotSent(PeerChallengeError):
    """A message will not be sent."""

    remedy = "Check the address. Then let the message go again, or send it yourself and mark it as sent."


class MailInDoubt(MailNotSent):
    """A message may or may not have gone."""

    remedy = "Ask the recipient. Then mark the message as sent, or let it go again."


class MailServerAway(PeerChallengeError):
    """The mail server can't be used now; nothing went.

    `kind` is the system's own error where there was no connection.
    """

    kind: type[OSError] | None = None
    remedy = "It is tried again at the next run. `peer-challenge doctor` shows the smtp_ settings."


class MailPutOff(MailServerAway):
    """The mail server does not take this message now, but may take others."""


@contextmanager
def open_mail_server(settings: Settings) -> Iterator[smtplib.SMTP]:
    """A connection to the mail server of the settings, encrypted and signed in as they say.

    Its certificate is always checked. Raises MailServerAway.
    """
    server: smtplib.SMTP | None = None
    try:
        server = _connect_to_server(settings)
        _sign_in(server, settings)
    except (OSError, smtplib.SMTPException, MailSignInAway, MailSignInFailed) as error:
        if server is not None:
            server.close()
        away = MailServerAway(
            f"The mail server can't be used ({_describe_failure(error)}).",
            remedy=error.remedy if isinstance(error, PeerChallengeError) else None,
        )
        if isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException):
            away.kind = type(error)
        raise away from None
    try:
        yield server
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()


def _describe_failure(error: Exception) -> str:
    """What went wrong, in words that hold nothing the server or anybody wrote."""
    if isinstance(error, PeerChallengeError):
        return str(error.args[0]).rstrip(".")
    if isinstance(error, ssl.SSLCertVerificationError):
        return "its certificate is not valid for its name, or nobody that this machine trusts has signed it"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"it refused the user or the password, {error.smtp_code}"
    return type(error).__name__


def _connect_to_server(settings: Settings) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if settings.smtp_tls and settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(settings.smtp_host, settings.smtp_port, timeout=_SECONDS, context=context)
    server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=_SECONDS)
    if settings.smtp_tls:
        try:
            server.starttls(context=context)
        except Exception:
            server.close()
            raise
    return server


def _sign_in(server: smtplib.SMTP, settings: Settings) -> None:
    """Sign in as the settings say: with a token, with a password, or not at all."""
    if signs_in_by_token(settings, settings.smtp_user, settings.smtp_password):
        server.ehlo_or_helo_if_needed()
        server.auth("XOAUTH2", _TokenAnswer(settings.smtp_user, fetch_access_token(settings)))
    elif settings.smtp_user and settings.smtp_password is not None:
        server.login(settings.smtp_user, settings.smtp_password.get_secret_value())


class _TokenAnswer:
    """What is answered in XOAUTH2: first the token. A second question is why it was refused."""

    def __init__(self, user: str, token: str) -> None:
        self._first = format_xoauth2(user, token)

    @overload
    def __call__(self, challenge: None = None, /) -> str | None: ...

    @overload
    def __call__(self, challenge: bytes, /) -> str: ...

    def __call__(self, challenge: bytes | None = None, /) -> str | None:
        return self._first if challenge is None else ""  # nothing is the answer that ends it


def hand_over(server: smtplib.SMTP, email: EmailMessage, to: Sequence[str]) -> list[str]:
    """Give an email to an open mail server, for the addresses `to`; returns those it refused.

    Raises MailServerAway when the server goes away, MailPutOff when it does not take this message now (in
    both cases nothing was sent), MailInDoubt when the connection broke while it was taking the message,
    MailNotSent when it will not take it for anybody.
    """
    try:
        refused = server.send_message(email, to_addrs=list(to))
    except smtplib.SMTPRecipientsRefused as error:
        _raise_by_code(min(code for code, _ in error.recipients.values()))
    except smtplib.SMTPResponseException as error:
        _raise_by_code(error.smtp_code)
    except (OSError, smtplib.SMTPException) as error:
        raise MailInDoubt(
            f"The connection broke while the message was handed over ({type(error).__name__})."
        ) from None
    return list(refused)


def _raise_by_code(code: int) -> NoReturn:
    """The server's own answer: 421 says it goes away, other 4xx not now, 5xx never."""
    if code == _GOING_AWAY:
        raise MailServerAway(f"The mail server took no mail for now ({code}).") from None
    # RFC 5321, 4.2.1: below 500 it may be tried again.
    if code < 500:
        raise MailPutOff(f"The mail server did not take the message for now ({code}).") from None
    raise MailNotSent(f"The mail server turned the message away ({code}).") from None
