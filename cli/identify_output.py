"""What `peer-challenge identify` does: list the documents that are held, and say whose one is."""

from pathlib import Path

import typer

from cli.intake_output import answer_now
from cli.options import ACTOR, moment_of, open_installation
from cli.terminal import console, make_text_table
from peer_challenge.clock import local_day
from peer_challenge.errors import WrongUse
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.vocabulary import Kind
from peer_challenge.model.whose_document import Candidate
from peer_challenge.register.database import Register
from peer_challenge.steering import identify_submission as identifying


def list_held(register: Register) -> None:
    """Print the held documents with what disagrees."""
    with register.reading() as connection:
        held = [identifying.describe_held(connection, row.id) for row in identifying.held_rows(connection)]
    if not held:
        console.print("Nothing is held: it is certain whose every document is.")
        return
    listed = make_text_table("No.", "Came in", "Why we ask", "It may be")
    for one in held:
        suggested = "\n".join(choice.name for choice in one.suggested) or "no suggestion"
        came = local_day(one.row.received_at).isoformat()
        listed.add_row(str(one.row.id), came, " ".join(one.reasons), suggested)
    console.print(listed)
    console.print("Say whose one is: peer-challenge identify NO. --area AREA --kind KIND --reason WHY")


def read_answer(register: Register, cycle_id: str | None, area: str, kind: str) -> Candidate:
    """What the office says, as typed: an area by id or name, a kind with spaces or hyphens.

    Raises WrongUse, with what there is to choose from.
    """
    wanted = kind.strip().lower().replace(" ", "_").replace("-", "_")
    if wanted not in tuple(Kind):
        raise WrongUse(f'There is no form "{kind}".', remedy="Its kinds: " + ", ".join(Kind) + ".")
    with register.reading() as connection:
        areas = identifying.areas_to_choose(connection)
    found = [
        (cycle, author)
        for cycle, author, name in areas
        if area.strip().casefold() in (author.casefold(), name.partition(",")[0].casefold(), name.casefold())
        and cycle_id in (None, cycle)
    ]
    if len(found) != 1:
        what = "several open cycles have" if found else "no open cycle has"
        raise WrongUse(
            f'It is not clear whose it is: {what} an area "{area}".',
            remedy="Name the cycle with --cycle."
            if found
            else "The areas: " + ", ".join(dict.fromkeys(author for _, author, _ in areas)) + ".",
        )
    return Candidate(*found[0], Kind(wanted))


def identify_one(
    submission: int,
    answer: tuple[str | None, str, str] | None,
    reason: str,
    is_sure: bool,
    today: str | None,
    home: Path | None,
) -> None:
    """Say whose a held document is, or with no answer that it is nobody's."""
    at, reason = moment_of(today), read_reason(reason)
    with open_installation(home) as (settings, register):
        if answer is None:
            identifying.reject_as_nobodys(register, submission, reason=reason, at=at, actor=ACTOR)
            console.print("Rejected as nobody's. Nothing goes to anybody.")
            return
        whose = read_answer(register, *answer)
        preview = identifying.preview_identification(register, settings, submission, whose)
        for line in preview.told:
            console.print(f"- {line}", highlight=False)
        if not is_sure and console.is_terminal and not typer.confirm("Is that whose it is?"):
            console.print("Nothing was changed.")
            return
        identifying.identify_submission(
            register, settings, submission, whose, reason=reason, at=at, actor=ACTOR
        )
        answer_now(settings, register, at)
