"""The follow-up of an action plan: what challengers say of a progress report."""

from datetime import datetime

from peer_challenge.advice.identifying_details import KINDS, find_sure_details, list_known_names
from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import Send
from peer_challenge.model.sentences import join_in_words
from peer_challenge.model.vocabulary import DispatchKind, Kind, Role
from peer_challenge.register import challenges, journal, progress_comments
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import Submission

LONGEST_COMMENT = 4000
"""Characters: about a page."""


def comment_on_progress(
    connection: Transaction,
    cycle: Cycle,
    challenge_id: str,
    report: Submission,
    text: str,
    *,
    at: datetime,
    actor: str,
) -> int:
    """Keep what the challenger says of a progress report, and send it to the author; returns its number.

    The same words about the same report are sent once: a button may be pressed twice.
    Raises WrongUse for one that is empty or too long, that holds what could identify a child or a family, or
    that is about no progress report of this challenge.
    """
    challenge = challenges.find_challenge(connection, challenge_id)
    if challenge is None or challenge.challenger_id is None or not _is_report_of(report, challenge_id):
        raise WrongUse("There is no such progress report.", remedy="Choose one on the page of the challenge.")
    said = _check_comment(text, cycle)
    for one in progress_comments.list_comments(connection, challenge_id):
        if (one.submission_id, one.writer_id, one.text) == (report.id, challenge.challenger_id, said):
            return one.id
    number = progress_comments.store_comment(
        connection,
        challenge_id,
        report.id,
        writer_id=challenge.challenger_id,
        text=said,
        at=at,
        actor=actor,
    )
    challenges.intend_challenge_dispatch(
        connection,
        challenge,
        Send(DispatchKind.PROGRESS_COMMENT, Role.AUTHOR),
        at=at,
        suffix=f"comment-{number}",
        parameters={"comment": number, "review": report.review},
    )
    journal.append_entry(
        connection,
        "progress commented on",
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        challenge_id=challenge_id,
        submission=report.id,
        comment=number,
        review=report.review,
    )
    return number


def _is_report_of(report: Submission, challenge_id: str) -> bool:
    return report.kind is Kind.PROGRESS_REPORT and report.challenge_id == challenge_id and report.is_current


def _check_comment(text: str, cycle: Cycle) -> str:
    """A comment as it is kept, its lines as typed. Raises WrongUse."""
    said = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if not said:
        raise WrongUse(
            "There is no comment.", remedy="Write what you want to say about the report.", about="text"
        )
    if len(said) > LONGEST_COMMENT:
        raise WrongUse(
            f"The comment is too long: it has {len(said):,} characters.",
            remedy=f"Shorten it to {LONGEST_COMMENT:,} or fewer.",
            about="text",
        )
    details = find_sure_details(said, list_known_names(cycle))
    found = dict.fromkeys(KINDS[kind] for kind in details.values())
    if found:
        raise WrongUse(
            f"The comment holds what looks like {join_in_words(found)}. We have not sent it to anybody.",
            remedy="Take out what could identify a child or a family, then send it again.",
            about="text",
        )
    return said
