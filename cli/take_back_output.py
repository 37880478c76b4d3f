"""What `identify --undo` and `undo-opening` do: say what follows from taking a decision back, ask, do it."""

from pathlib import Path

from cli.ask_to_confirm import ask_to_confirm
from cli.options import ACTOR, moment_of, open_installation, print_sentence
from peer_challenge.steering.undo_identification import describe_undoing, undo_identification
from peer_challenge.steering.undo_opening import describe_undoing_opening, undo_opening


def take_identification_back(
    submission: int, reason: str, is_sure: bool, today: str | None, home: Path | None
) -> None:
    """Say what follows if a document is held again; then hold it again. Raises WrongUse."""
    with open_installation(home) as (settings, register):
        with register.reading() as connection:
            found = describe_undoing(connection, submission)
        print_sentence(found.decided)
        reason = ask_to_confirm(found.told, "Take that back?", reason, is_sure=is_sure)
        undo_identification(register, settings, submission, reason=reason, at=moment_of(today), actor=ACTOR)
    print_sentence(f"Document {submission} is held again.")


def take_opening_back(
    cycle: str, reason: str, is_sure: bool, is_nothing_sent: bool, today: str | None, home: Path | None
) -> None:
    """Say what follows if a cycle was not opened after all; then take it back. Raises WrongUse."""
    with open_installation(home) as (settings, register):
        with register.reading() as connection:
            found = describe_undoing_opening(connection, cycle)
        print_sentence(found.decided)
        if found.drafts and not is_nothing_sent:
            print_sentence(
                'Drafts lie in the outbox, in the folder "To send". If none of them was sent, say so with '
                "--nothing-sent."
            )
        reason = ask_to_confirm(found.told, "Take the opening back?", reason, is_sure=is_sure)
        undo_opening(
            register,
            settings,
            cycle,
            reason=reason,
            is_nothing_sent=is_nothing_sent,
            at=moment_of(today),
            actor=ACTOR,
        )
    print_sentence(f"{found.cycle.name} is in preparation again. Open it on the page, or from its file.")
