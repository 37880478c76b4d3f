"""Tries the mail servers of the settings, for a test button and for `doctor`: what works, what does not."""

import smtplib
import socket
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from itertools import islice

from imap_tools import BaseMailBox
from imap_tools.errors import ImapToolsError

from peer_challenge.clock import read_clock
from peer_challenge.model.email_addresses import clean_address, is_address
from peer_challenge.model.sentences import say_how_many
from peer_challenge.post.imap_mailbox import (
    MailboxAway,
    MailboxRefused,
    close_mailbox,
    connect_mailbox,
    explain_mail_errors,
    get_mailbox_port,
)
from peer_challenge.post.oauth import MailSignInAway, MailSignInFailed
from peer_challenge.post.sign_in_pause import end_sign_in_pause
from peer_challenge.post.smtp import MailServerAway, open_mail_server
from peer_challenge.settings import Settings

_MOST_FOLDERS = 12
"""They are named in one sentence, and a mailbox may have hundreds."""


@dataclass(frozen=True, slots=True)
class MailTrial:
    """What came of a trial: whether all works, what was seen, and what to do where it does not."""

    is_well: bool
    saw: str
    remedy: str = ""


def try_mailbox(settings: Settings) -> MailTrial:
    """Sign in to the mailbox and look at its folders. Nothing in it is changed.

    Where that goes well, a pause after a refused sign-in ends.
    """
    if not settings.imap_host:
        return MailTrial(False, "No mailbox is set.", "Set imap_host, imap_user and a way to sign in.")
    try:
        box = connect_mailbox(settings)
    except (MailSignInAway, MailSignInFailed, MailboxRefused) as error:
        return MailTrial(False, str(error), error.remedy)
    except MailboxAway as error:
        return _describe_connection(error, settings)
    end_sign_in_pause(settings)
    try:
        with explain_mail_errors():
            return _look_at_folders(box, settings)
    except MailboxAway as error:
        return MailTrial(False, str(error), error.remedy)
    finally:
        close_mailbox(box)


def try_mail_server(settings: Settings, to: str | None = None) -> MailTrial:
    """Sign in to the server that sends mail; with `to`, send one short message there."""
    if not settings.smtp_host:
        return MailTrial(False, "No mail server is set.", "Set smtp_host and smtp_from.")
    if to is not None and not is_address(clean_address(to)):
        return MailTrial(False, "This is not an email address.", "Give one address, such as you@example.org.")
    try:
        socket.getaddrinfo(settings.smtp_host, settings.smtp_port)
        with open_mail_server(settings) as server:
            if to is None:
                return MailTrial(True, "The mail server answers, and lets us sign in.")
            server.send_message(_write_trial(settings, clean_address(to)))
    except MailServerAway as error:
        if error.kind is not None:
            return _describe_kind(error.kind, settings.smtp_host, settings.smtp_port, "smtp")
        return MailTrial(False, str(error), error.remedy)
    except smtplib.SMTPException as error:  # which is an OSError too
        code = f" ({error.smtp_code})" if isinstance(error, smtplib.SMTPResponseException) else ""
        return MailTrial(
            False,
            f"The mail server did not take the message{code}.",
            "Check smtp_from: most servers send only from the address that signs in.",
        )
    except OSError as error:
        return _describe_kind(type(error), settings.smtp_host, settings.smtp_port, "smtp")
    return MailTrial(True, "The mail server took the message. Check whether it has arrived.")


def _write_trial(settings: Settings, to: str) -> EmailMessage:
    message = EmailMessage()
    office = settings.smtp_from or to
    message["From"], message["To"] = office, to
    message["Subject"] = "A test from Peer Challenge"
    message["Date"] = format_datetime(read_clock())
    message["Message-ID"] = make_msgid(domain=office.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("If you can read this, Peer Challenge can send email.\n")
    return message


def _describe_connection(error: MailboxAway, settings: Settings) -> MailTrial:
    port = get_mailbox_port(settings)
    if issubclass(error.kind, ImapToolsError) or not issubclass(error.kind, OSError):
        return MailTrial(
            False,
            "The server does not offer an encrypted connection in this way.",
            "Set imap_tls to the other way (implicit or starttls), or correct imap_port.",
        )
    return _describe_kind(error.kind, settings.imap_host, port, "imap")


def _describe_kind(kind: type[BaseException], host: str, port: int, prefix: str) -> MailTrial:
    """What an error of the connection means."""
    if issubclass(kind, socket.gaierror):
        return MailTrial(False, f"We could not find a server called {host}.", f"Correct {prefix}_host.")
    if issubclass(kind, ssl.SSLCertVerificationError):
        return MailTrial(
            False,
            f"The certificate of {host} is not valid for this name, or we do not trust who signed it.",
            f"Use the name in the certificate as {prefix}_host. If your organisation signs its own, see "
            "docs/operations.md, Mail.",
        )
    if issubclass(kind, ssl.SSLError):
        return MailTrial(
            False,
            f"The server at port {port} of {host} does not encrypt in this way.",
            f"Correct {prefix}_port, or how the connection is encrypted.",
        )
    return MailTrial(
        False,
        f"Nothing answers at port {port} of {host} ({kind.__name__}).",
        f"Correct {prefix}_host and {prefix}_port, or ask whether a firewall is in between.",
    )


def _look_at_folders(box: BaseMailBox, settings: Settings) -> MailTrial:
    if not box.folder.exists(settings.imap_folder):
        names = ", ".join(_list_names(folder.name for folder in box.folder.list()))
        return MailTrial(
            False,
            f"We signed in, but the mailbox has no folder called {settings.imap_folder}.",
            f"Set imap_folder to one of these: {names}.",
        )
    count = int(box.folder.status(settings.imap_folder, ["MESSAGES"])["MESSAGES"])
    emails = say_how_many(count, "email")
    is_there = box.folder.exists(settings.imap_done_folder)
    done = "is there" if is_there else "will be made with the first email that is taken in"
    can_move = {"MOVE", "UIDPLUS"} & set(box.client.capabilities)
    if not can_move:
        return MailTrial(
            True,
            f"We signed in. {settings.imap_folder} has {emails}. This server cannot move emails safely, so "
            "that those taken in stay there.",
        )
    return MailTrial(
        True, f"We signed in. {settings.imap_folder} has {emails}. {settings.imap_done_folder} {done}."
    )


def _list_names(names: Iterable[str]) -> list[str]:
    return list(islice(names, _MOST_FOLDERS))
