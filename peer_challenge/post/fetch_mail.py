"""Fetches the emails of the office's mailbox: each that may hold a form goes into the inbox, once.

Safe to be killed anywhere. An email is recorded as fetched before its file is in the inbox, as handed over
after, and only then moved to the folder for those taken in. What was recorded as fetched is looked for in the
inbox, among the claimed files and in the archive before it is put into the inbox again. Nothing is deleted.
"""

import time
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from peer_challenge.clock import LONDON, local_day, read_clock
from peer_challenge.intake.hand_in import hand_in_once
from peer_challenge.model.mailbox import LeftReason, MailState
from peer_challenge.model.messages import MessageState
from peer_challenge.post.answer_senders import ToAnswer, answer_unknown_senders, find_whom_to_answer
from peer_challenge.post.email_headers import parse_headers
from peer_challenge.post.imap_mailbox import (
    EmailTooLarge,
    MailboxAway,
    MailboxRefused,
    OpenMailbox,
    open_mailbox,
)
from peer_challenge.post.oauth import MailSignInAway, MailSignInFailed
from peer_challenge.post.sign_in_pause import end_sign_in_pause, is_sign_in_paused, note_refused_sign_in
from peer_challenge.post.sort_email import Sorted, sort_email
from peer_challenge.register import mailbox_messages as mails
from peer_challenge.register import messages
from peer_challenge.register.archive import sha256_of
from peer_challenge.register.cycles import load_cycles
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.mailbox_messages import MailboxMessage
from peer_challenge.settings import Settings

MOST_AT_ONCE = 500
"""Emails that one run fetches: a mailbox with ten thousand is read over several runs, the newest first."""
MOST_BYTES_AT_ONCE = 500_000_000
"""Of one run: 500 of the largest emails would be 17 GB, more than the disk of an inbox may hold."""
MOST_SECONDS = 300.0
"""Then a run stops fetching, to move what it has and to answer senders; the next one fetches the rest."""
MANY_ATTEMPTS = 3
"""So often an email may break the connection. After that we try it once an hour, and the office is told."""
_PAUSE = timedelta(hours=1)
"""Tried at every run, such an email would break the connection for all the others every two minutes."""
_MOST_CONNECTIONS = 3
"""So often one run connects, where single emails break the connection."""
PAUSED = "The mail server refused our sign-in, so that we do not try it again for half an hour."
PAUSED_REMEDY = (
    "Correct imap_user and imap_password, or the mail_oauth_ settings. Then test them with "
    "`peer-challenge doctor`: if we can sign in, fetching goes on at once."
)
_IN_AN_EMAIL = 1.4
"""How much larger a document is in an email, which holds it in base64, with a little for the rest."""


@dataclass(slots=True)
class FetchedMail:
    """What one run did. `taken_in` are the hashes of the emails that it put into the inbox, in order.

    `waiting` is how many the next run will fetch; `answered` how many unknown senders got a line.
    """

    is_set: bool = True
    is_busy: bool = False
    taken_in: list[str] = field(default_factory=list)
    moved: int = 0
    left: int = 0
    waiting: int = 0
    answered: int = 0
    problem: str = ""
    remedy: str = ""


def fetch_mail(register: Register, settings: Settings, at: datetime) -> FetchedMail:
    """Fetch what is new in the mailbox; `at` is now. Does nothing where no mailbox is set.

    A mailbox that can't be used is no error: `problem` and `remedy` say what is wrong, and the next run goes
    on from there.
    """
    done = FetchedMail(is_set=bool(settings.imap_host))
    if not done.is_set:
        return done
    with register.exclusive("mailbox") as is_ours:
        done.is_busy = not is_ours
        if is_ours:
            run = _Run(register, settings, at, done)
            run.fetch_all()
            done.answered = answer_unknown_senders(register, settings, run.to_answer, at)
    return done


class _Run:
    """One run, which alone works on the mailbox."""

    def __init__(self, register: Register, settings: Settings, at: datetime, done: FetchedMail) -> None:
        self._register, self._settings, self._at, self._done = register, settings, at, done
        self._most = int(settings.max_bytes * _IN_AN_EMAIL)
        self._since = self._find_first_day()
        self._bytes, self._until = 0, time.monotonic() + MOST_SECONDS
        self._tried = set[int]()
        self._is_fetching = False
        self.to_answer: list[ToAnswer] = []

    def fetch_all(self) -> None:
        """List, fetch, hand over and move; connect again where an email breaks the connection."""
        if self._since is None:
            return
        if is_sign_in_paused(self._settings, self._at):
            self._done.problem, self._done.remedy = PAUSED, PAUSED_REMEDY
            return
        for _ in range(_MOST_CONNECTIONS):
            self._is_fetching = False
            try:
                with open_mailbox(self._settings) as box:
                    self._list_new_mails(box, self._since)
                    self._fetch_listed_mails(box)
                    self._move_handed_over(box)
                self._done.problem = self._done.remedy = ""
                end_sign_in_pause(self._settings)
                return
            except EmailTooLarge:  # the rest of it is still on its way: this connection is of no more use
                continue
            except (MailboxAway, MailSignInAway, MailSignInFailed) as error:
                self._done.problem, self._done.remedy = str(error), error.remedy
                if isinstance(error, (MailboxRefused, MailSignInFailed)):
                    note_refused_sign_in(self._settings, self._at)
                if not self._is_fetching:
                    return

    def _find_first_day(self) -> date | None:
        """The day from which emails are about the open cycles; None where no cycle is open.

        That is the day before the oldest of them opens, or yesterday where it opens later: its forms may come
        early. The mail server goes by the machine's clock, not by `at`.
        """
        with self._register.reading() as connection:
            opened = [cycle.dates.opens for cycle in load_cycles(connection)]
        today = local_day(read_clock())
        return min(*opened, today) - timedelta(days=1) if opened else None

    def _list_new_mails(self, box: OpenMailbox, since: date) -> None:
        everything, numbers = box.list_numbers(), box.list_numbers(since)
        with self._register.reading() as connection:
            known = mails.list_known_numbers(connection, box.place)
        new = [number for number in reversed(numbers) if number not in known]
        listed = box.list_mails(sorted(new[:MOST_AT_ONCE]))
        self._done.waiting = max(len(new) - MOST_AT_ONCE, 0)
        with self._register.writing() as connection:
            mails.record_gone(connection, box.place, set(everything), self._at)
            mails.add_listed_mails(connection, box.place, listed, self._at)

    def _fetch_listed_mails(self, box: OpenMailbox) -> None:
        with self._register.reading() as connection:
            listed = mails.list_in_states(connection, box.place, (MailState.SEEN, MailState.FETCHED))
        for mail in filter(self._is_due, listed[:MOST_AT_ONCE]):
            if self._bytes > MOST_BYTES_AT_ONCE or time.monotonic() > self._until:
                self._done.waiting += 1
                continue
            self._tried.add(mail.id)
            if mail.size > self._most:
                self._leave_mail(mail, LeftReason.TOO_LARGE)
            elif (email := self._fetch_email(box, mail)) is not None:  # else somebody moved it meanwhile
                self._treat_email(mail, email)

    def _is_due(self, mail: MailboxMessage) -> bool:
        """Whether an email is to be fetched now: not twice in a run, and a difficult one once an hour."""
        is_difficult = mail.attempts > MANY_ATTEMPTS and mail.tried_at is not None
        return mail.id not in self._tried and not (
            is_difficult and self._at - (mail.tried_at or self._at) < _PAUSE
        )

    def _fetch_email(self, box: OpenMailbox, mail: MailboxMessage) -> bytes | None:
        with self._register.writing() as connection:
            mails.note_attempt(connection, mail, self._at, many=MANY_ATTEMPTS)
        self._is_fetching = True  # if the connection breaks now, it broke over one email: others may come
        try:
            email = box.fetch_email(mail.uid, self._most)
        except EmailTooLarge:
            self._leave_mail(mail, LeftReason.TOO_LARGE)
            raise
        self._is_fetching = False
        self._bytes += len(email or b"")
        return email

    def _treat_email(self, mail: MailboxMessage, email: bytes) -> None:
        """Hand an email over, or leave it where it is."""
        found = sort_email(self._settings, email)
        if found.reason is not None:
            self._leave_mail(mail, found.reason, found)
        else:
            self._hand_over(mail, email, found)

    def _hand_over(self, mail: MailboxMessage, email: bytes, found: Sorted) -> None:
        sha256 = sha256_of(email)
        hashes = {"sha256": sha256, "content_sha256": found.content_sha256}
        with self._register.writing() as connection:
            if mails.is_taken_in(connection, found.content_sha256, found.verified_sender):
                mails.record_known(connection, mail, **hashes, at=self._at)
                return
            mails.record_fetched(
                connection, mail, **hashes, verified_sender=found.verified_sender, at=self._at
            )
        hand_in_once(self._settings, name_file(mail.arrived_at, sha256), email)
        with self._register.writing() as connection:
            mails.record_handed_over(connection, mail, sha256, self._at)
        self._done.taken_in.append(sha256)
        one = find_whom_to_answer(self._settings, parse_headers(email), sha256, found.verified_sender)
        self.to_answer += [one] if one is not None else []

    def _leave_mail(self, mail: MailboxMessage, reason: LeftReason, found: Sorted | None = None) -> None:
        with self._register.writing() as connection:
            mails.record_left(
                connection,
                mail,
                reason,
                self._at,
                about_key=found.about_key if found else None,
                status_code=found.status_code if found else None,
            )
            if found is not None and found.about_key is not None:
                self._note_undelivered(connection, found.about_key, found.status_code)
        self._done.left += 1

    def _note_undelivered(self, connection: Transaction, key: str, status: str | None) -> None:
        """Record that a mail server could not deliver a message of ours: the office sees it on the page."""
        message = messages.find_by_key(connection, key)
        if message is not None and message.state in (MessageState.SENT, MessageState.IN_DOUBT):
            problem = (
                f"A mail server sent it back{f' ({status})' if status else ''}. Send it from your own mail "
                "program to the right address, then mark it as sent."
            )
            messages.change_state(connection, message, MessageState.FAILED, at=self._at, problem=problem)

    def _move_handed_over(self, box: OpenMailbox) -> None:
        with self._register.reading() as connection:
            waiting = mails.list_in_states(connection, box.place, (MailState.HANDED_OVER,))
        if not waiting or not box.can_move():
            return
        box.make_done_folder()
        for mail in waiting:
            box.move_email(mail.uid)
            with self._register.writing() as connection:
                mails.record_moved(connection, mail, self._at)
            self._done.moved += 1


def name_file(arrived_at: datetime, sha256: str) -> str:
    """What an email's file in the inbox is called: when it came, London time, and a part of its hash."""
    moment = arrived_at.astimezone(LONDON)
    return f"Email of {local_day(arrived_at):%Y-%m-%d} {moment:%H.%M} ({sha256[:12]}).eml"
