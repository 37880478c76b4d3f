"""The answers that went to unknown senders: counted for each address, of which only a hash is kept."""

import hashlib
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.register.tables import mail_answers

MOST_A_DAY = 3
"""Answers to one address within a day: more would keep a loop between two machines going."""
MOST_OF_ALL_A_DAY = 100
"""Answers to all addresses within a day: somebody may write in a thousand names."""
_KEPT = timedelta(days=30)
"""How long we know that an email was answered: a copy of it that is fetched again comes within days."""


def claim_answer(connection: Connection, address: str, email_sha256: str, at: datetime) -> bool:
    """Record that the email with this hash is about to be answered; False where it may not be.

    It may not when it was answered before, or when its sender, or all senders together, have had their number
    of answers within a day. It is recorded before the answer goes, so that a kill in between sends none, and
    never two.
    """
    hashed = hash_address(address)
    connection.execute(mail_answers.delete().where(mail_answers.c.at < at - _KEPT))
    is_today = mail_answers.c.at > at - timedelta(days=1)
    is_answered = _count_answers(connection, mail_answers.c.email_sha256 == email_sha256) > 0
    lately = _count_answers(connection, is_today, mail_answers.c.address_hash == hashed)
    if is_answered or lately >= MOST_A_DAY or _count_answers(connection, is_today) >= MOST_OF_ALL_A_DAY:
        return False
    connection.execute(mail_answers.insert().values(address_hash=hashed, email_sha256=email_sha256, at=at))
    return True


def hash_address(address: str) -> str:
    """What is kept of an address that was answered."""
    return hashlib.sha256(address.strip().lower().encode("utf-8", "surrogatepass")).hexdigest()


def _count_answers(connection: Connection, *conditions: sa.ColumnElement[bool]) -> int:
    query = sa.select(sa.func.count()).select_from(mail_answers).where(*conditions)
    return connection.scalar(query) or 0
