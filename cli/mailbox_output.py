"""What `peer-challenge fetch-mail` does."""

from datetime import datetime

import typer

from cli.options import print_sentence
from peer_challenge.clock import LONDON
from peer_challenge.errors import WrongUse
from peer_challenge.model.mailbox import REASONS_IN_WORDS
from peer_challenge.model.sentences import say_how_many
from peer_challenge.post.fetch_mail import FetchedMail, fetch_mail
from peer_challenge.register.database import Register
from peer_challenge.register.mailbox_messages import list_left
from peer_challenge.settings import Settings

_MOST_LEFT = 50
"""Of a mailbox full of other things: the newest; more would push what was done off the screen."""


def fetch_once(settings: Settings, register: Register, at: datetime) -> None:
    """Fetch what is new in the mailbox, and list what stays there. Ends with 1 where it can't be used."""
    done = fetch_mail(register, settings, at)
    if not done.is_set:
        raise WrongUse(
            "No mailbox is set.", remedy="Set imap_host, imap_user and a password (docs/operations.md, Mail)."
        )
    if done.is_busy:
        print_sentence("Another process is fetching emails now.")
        return
    _print_done(done)
    _print_left(register)
    if done.problem:
        print_sentence(done.problem)
        print_sentence(done.remedy)
        raise typer.Exit(1)


def _print_done(done: FetchedMail) -> None:
    count = len(done.taken_in)
    print_sentence(
        f"{say_how_many(count, 'email')} went into the inbox. Now run: peer-challenge intake"
        if count
        else "No new email with a form."
    )
    if done.waiting:
        print_sentence(f"{say_how_many(done.waiting, 'email')} will be fetched by the next run.")


def _print_left(register: Register) -> None:
    with register.reading() as connection:
        left = list_left(connection, most=_MOST_LEFT)
    if left:
        print_sentence("In the mailbox, and not taken in:")
    for mail in left:
        why, remedy = REASONS_IN_WORDS[mail.reason] if mail.reason else ("", "")
        arrived = f"{mail.arrived_at.astimezone(LONDON):%Y-%m-%d %H:%M}"
        print_sentence(f"  {arrived}, {mail.size / 1e6:.1f} MB: {why} {remedy}")
