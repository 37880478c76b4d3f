"""The office's mailbox on a mail server (IMAP): opened, listed, read, and emails of it moved.

Nothing in it is deleted or marked as read. The server's certificate is always checked. What a server answers
is not believed: it may break off, answer nonsense, or give more than it was asked for.
"""

import contextlib
import hashlib
import imaplib
import re
import ssl
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Final

from imap_tools import AND, BaseMailBox, MailBox, MailBoxStartTls
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from peer_challenge.clock import read_clock
from peer_challenge.errors import PeerChallengeError
from peer_challenge.post.email_headers import get_raw_header, parse_headers
from peer_challenge.post.oauth import fetch_access_token, signs_in_by_token
from peer_challenge.register.mailbox_messages import ListedMail, MailPlace
from peer_challenge.settings import Settings

_SECONDS = 30
"""A server that is silent for longer is taken to be away: the run ends, and the next one asks again."""
_ROOM = 100_000
"""Bytes that an answer may have beyond the email in it."""
_LISTED_AT_ONCE = 500
"""Their numbers go in one command: 5,500 bytes at most, and every server takes 8,000 (RFC 2683, 3.2.1.5)."""
_BROKEN: Final = (
    OSError,
    imaplib.IMAP4.error,
    ImapToolsError,
    ValueError,
    LookupError,
    TypeError,
    AssertionError,
)
"""What imaplib and imap-tools raise when a server is away, breaks off, or answers nonsense."""
_LINE = re.compile(rb"UID (\d+)|RFC822\.SIZE (\d+)|INTERNALDATE \"([^\"]+)\"")


class MailboxAway(PeerChallengeError):
    """The mailbox can't be used now. Nothing in it was lost: what is not fetched stays there.

    `kind` is the kind of error that it was: its own words may be those of an email, and are not kept.
    """

    remedy = "We try again at the next run. `peer-challenge doctor` shows whether the mail server answers."

    def __init__(self, message: str, kind: type[BaseException] = OSError) -> None:
        super().__init__(message)
        self.kind = kind


class MailboxRefused(MailboxAway):
    """The mail server does not let us in."""

    remedy = "Correct imap_user and imap_password, or the mail_oauth_ settings."


class MailboxFolderMissing(MailboxAway):
    """The folder that emails are fetched from is not in the mailbox."""

    remedy = "Correct imap_folder. `peer-challenge doctor` lists the folders that there are."


class EmailTooLarge(PeerChallengeError):
    """The server gives more than it said an email has."""


class OpenMailbox:
    """A mailbox whose folder is open. `place` says which it is, for the register."""

    def __init__(self, box: BaseMailBox, settings: Settings) -> None:
        self._box, self._settings = box, settings
        self.place = MailPlace(name_mailbox(settings), _read_uid_validity(box))

    def list_numbers(self, since: date | None = None) -> list[int]:
        """The numbers of all emails, or of those that came on the day `since` or later, in order.

        Raises MailboxAway.
        """
        with explain_mail_errors():
            found = self._box.uids(AND(date_gte=since) if since else "ALL")
            return sorted(int(uid) for uid in found)

    def list_mails(self, numbers: Sequence[int]) -> list[ListedMail]:
        """Size and time of arrival of the emails with these numbers. Raises MailboxAway.

        An email that is gone meanwhile is left out.
        """
        found = []
        for begin in range(0, len(numbers), _LISTED_AT_ONCE):
            asked = numbers[begin : begin + _LISTED_AT_ONCE]
            with explain_mail_errors():
                uids = ",".join(map(str, asked))
                status, lines = self._box.client.uid("FETCH", uids, "(UID RFC822.SIZE INTERNALDATE)")
                _check_answer(status)
                found += [mail for line in lines if (mail := _read_listed_mail(line)) and mail.uid in asked]
        return found

    def fetch_email(self, uid: int, most: int) -> bytes | None:
        """The email as it came, byte for byte, without marking it as read; None where it is gone.

        Raises EmailTooLarge where it has more than `most` bytes after all, and MailboxAway.
        """
        client = self._box.client
        whole_read = client.read

        def read_bounded(size: int) -> bytes:
            if size > most + _ROOM:
                raise EmailTooLarge("The mail server gives more than it said.")
            return whole_read(size)

        with explain_mail_errors():
            client.read = read_bounded  # type: ignore[method-assign]  # made to be overridden
            try:
                status, lines = client.uid("FETCH", str(uid), "(BODY.PEEK[])")
                _check_answer(status)
            finally:
                client.read = whole_read  # type: ignore[method-assign]
        found = [line[1] for line in lines if isinstance(line, tuple) and len(line) > 1]
        if found and len(found[0]) > most:
            raise EmailTooLarge("The email is larger than the mail server said.")
        return found[0] if found and found[0] else None

    def make_done_folder(self) -> None:
        """Make the folder for emails that were taken in, where it is missing. Raises MailboxAway."""
        name = self._settings.imap_done_folder
        with explain_mail_errors():
            if not self._box.folder.exists(name):
                self._box.folder.create(name)

    def can_move(self) -> bool:
        """Whether the server can move emails without any risk: by MOVE, or by UIDPLUS."""
        return bool({"MOVE", "UIDPLUS"} & set(self._box.client.capabilities))

    def move_email(self, uid: int) -> None:
        """Move an email to the folder for those taken in. Raises MailboxAway; then it is in one, or in both.

        Without MOVE it is copied first, unless a copy is there already, and only then taken out of its
        folder, by its own number: emails that other people have marked as deleted are not touched.
        """
        client, name = self._box.client, self._settings.imap_done_folder
        with explain_mail_errors():
            if "MOVE" in client.capabilities:
                self._box.move(str(uid), name)
                return
            if not self._is_in_done_folder(self._read_message_id(uid)):
                self._box.copy(str(uid), name)
            _check_answer(client.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)")[0])
            _check_answer(client.uid("EXPUNGE", str(uid))[0])

    def _read_message_id(self, uid: int) -> str:
        lines = self._box.client.uid("FETCH", str(uid), "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")[1]
        found = next((line[1] for line in lines if isinstance(line, tuple)), b"")
        return get_raw_header(parse_headers(found), "Message-ID")

    def _is_in_done_folder(self, message_id: str) -> bool:
        """Whether an email with this Message-ID is in the folder for those taken in already."""
        if not re.fullmatch(r"[!#-\[\]-~]{3,250}", message_id):  # nothing that a quoted text can't hold
            return False
        self._box.folder.set(self._settings.imap_done_folder, readonly=True)
        try:
            return bool(self._box.uids(f'HEADER Message-ID "{message_id}"'))
        finally:
            self._box.folder.set(self._settings.imap_folder)


@contextlib.contextmanager
def open_mailbox(settings: Settings) -> Iterator[OpenMailbox]:
    """The office's mailbox with its folder open, for the block.

    Raises MailboxAway (MailboxRefused, MailboxFolderMissing) where that can't be done, and what fetching a
    token raises.
    """
    box = connect_mailbox(settings)
    try:
        try:
            with explain_mail_errors():
                box.folder.set(settings.imap_folder)
        except MailboxAway as error:
            if error.kind is MailboxFolderSelectError:
                raise MailboxFolderMissing("The mailbox has no such folder to fetch emails from.") from None
            raise
        yield OpenMailbox(box, settings)
    finally:
        close_mailbox(box)


def connect_mailbox(settings: Settings) -> BaseMailBox:
    """The mailbox after signing in, no folder open. Raises MailboxAway, MailboxRefused, or as for a token."""
    token = _fetch_token_if_used(settings)
    with explain_mail_errors():
        box = _open_connection(settings)
    try:
        with explain_mail_errors():
            _sign_in(box, settings, token)
            _ask_capabilities(box)
    except MailboxAway as error:
        with contextlib.suppress(*_BROKEN):
            box.client.shutdown()
        if error.kind in (MailboxLoginError, imaplib.IMAP4.error):
            raise MailboxRefused("The mail server did not accept our sign-in.") from None
        raise
    return box


def close_mailbox(box: BaseMailBox) -> None:
    """End a connection. A server that does not answer any more is not waited for."""
    with contextlib.suppress(*_BROKEN):
        box.logout()
        return
    with contextlib.suppress(*_BROKEN):
        box.client.shutdown()


def get_mailbox_port(settings: Settings) -> int:
    """The port of the mailbox's server: as set, else the usual one of its kind of encryption."""
    return settings.imap_port or (993 if settings.imap_tls == "implicit" else 143)


def name_mailbox(settings: Settings) -> str:
    """What the register calls the folder of this account on this server: a hash."""
    name = "\0".join((settings.imap_host.lower(), settings.imap_user, settings.imap_folder))
    return hashlib.sha256(name.encode()).hexdigest()[:40]


@contextlib.contextmanager
def explain_mail_errors() -> Iterator[None]:
    """Turn what a broken server raises into MailboxAway, in our words."""
    try:
        yield
    except _BROKEN as error:
        kind = type(error)
        raise MailboxAway(f"The mailbox can't be used now ({kind.__name__}).", kind) from None


def _open_connection(settings: Settings) -> BaseMailBox:
    context = ssl.create_default_context()
    host, port = settings.imap_host, get_mailbox_port(settings)
    if settings.imap_tls == "implicit":
        return MailBox(host, port, timeout=_SECONDS, ssl_context=context)
    return MailBoxStartTls(host, port, timeout=_SECONDS, ssl_context=context)


def _fetch_token_if_used(settings: Settings) -> str | None:
    is_used = signs_in_by_token(settings, settings.imap_user, settings.imap_password)
    return fetch_access_token(settings) if is_used else None


def _sign_in(box: BaseMailBox, settings: Settings, token: str | None) -> None:
    """By token, or by password in the way that takes every letter, where the server knows it."""
    if token is not None:
        box.xoauth2(settings.imap_user, token, initial_folder=None)
        return
    password = settings.imap_password.get_secret_value() if settings.imap_password else ""
    if "AUTH=PLAIN" in box.client.capabilities:
        box.login_utf8(settings.imap_user, password, initial_folder=None)
    else:
        box.login(settings.imap_user, password, initial_folder=None)


def _ask_capabilities(box: BaseMailBox) -> None:
    """Servers say only after signing in that they can move emails, and imaplib asks only before."""
    _, found = box.client.capability()
    box.client.capabilities = tuple(str(found[-1], "ascii", "replace").upper().split())


def _read_uid_validity(box: BaseMailBox) -> int:
    with explain_mail_errors():
        found = box.client.response("UIDVALIDITY")[1]
        return int(found[-1] or 0)


def _check_answer(status: str) -> None:
    if status != "OK":
        raise imaplib.IMAP4.error("not OK")


def _read_listed_mail(line: object) -> ListedMail | None:
    """One line of a listing; None for one that is about something else, as servers may send at any time."""
    if not isinstance(line, bytes):
        return None
    uid = size = arrived = None
    for number, length, moment in _LINE.findall(line):
        uid, size, arrived = (
            int(number) if number else uid,
            int(length) if length else size,
            moment or arrived,
        )
    if uid is None or size is None:
        return None
    return ListedMail(uid, size, _read_moment(arrived))


def _read_moment(written: bytes | None) -> datetime:
    """When an email reached the mailbox, as the server writes it; now where it can't be read."""
    moment = imaplib.Internaldate2tuple(b'INTERNALDATE "%s"' % (written or b""))
    return datetime.fromtimestamp(time.mktime(moment), UTC) if moment else read_clock()
