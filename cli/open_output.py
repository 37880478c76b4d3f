"""What `peer-challenge open` does with a cycle file: says what would be opened, or opens it."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cli.options import ACTOR, find_settings, open_installation, print_sentence
from cli.terminal import show_progress
from peer_challenge.clock import local_day
from peer_challenge.cycle_file.load_cycle import read_cycle_file
from peer_challenge.cycle_file.load_framework import shipped_frameworks, tell_what_to_compare
from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.framework import Framework
from peer_challenge.model.sentences import join_in_words, say_how_many
from peer_challenge.outbox.do_what_is_due import advance_and_deliver
from peer_challenge.post.say_what_goes_out import say_way_out, say_what_left, say_what_waits
from peer_challenge.register import messages
from peer_challenge.register.cycles import check_cycle_is_new, store_cycle
from peer_challenge.register.database import has_register
from peer_challenge.steering.open_cycle import Opening, describe_opening


def open_from_file(
    path: Path, participants: Path | None, *, is_trial: bool, at: datetime, home: Path | None
) -> None:
    """Open the cycle in a file and send what goes out first; a trial only says what that would be.

    Raises CycleFileError with every mistake of the file, and WrongUse where there is no file, or a cycle of
    that id already.
    """
    if not path.is_file():
        raise WrongUse(f"There is no such file: {path}.", remedy="Check the name and the folder.")
    settings = find_settings(home)
    frameworks = shipped_frameworks(settings.own_frameworks)
    read = read_cycle_file(path, frameworks, participants=participants)
    framework = frameworks[read.cycle.framework]
    opening = describe_opening(read.cycle, local_day(at), settings.way_to_deliver)
    compare = tell_what_to_compare(framework.without(read.cycle.omit))
    _print_notes([*read.warnings, compare, opening.note])
    if is_trial:
        _print_what_would_open(read.cycle, opening, home)
    else:
        _open_now(read.cycle, framework, at, home)


def _print_notes(notes: Sequence[str]) -> None:
    for note in filter(None, notes):
        print_sentence(f"Note: {note}", is_aside=True)


def _print_what_would_open(cycle: Cycle, opening: Opening, home: Path | None) -> None:
    """Print what opening would do. Raises WrongUse where the register has a cycle of that id."""
    settings = find_settings(home)
    if has_register(settings):
        with open_installation(home) as (_, register), register.reading() as connection:
            check_cycle_is_new(connection, cycle.id)
    kinds = join_in_words([kind.in_words for kind in opening.kinds])
    documents, areas = (
        say_how_many(opening.documents, "document"),
        say_how_many(len(opening.messages), "area"),
    )
    due_on = day_in_words(cycle.dates.self_assessment_due)
    print_sentence(f"{cycle.name} can be opened. Nothing was changed.")
    print_sentence(f"{documents} would be made for {areas}: {kinds}. Self-assessments are due on {due_on}.")
    print_sentence(f"{say_way_out(settings, 'They')} {say_what_waits(settings)}".strip())
    if without := opening.without_address:
        print_sentence(f"No address: {join_in_words(without)}. Their messages wait until you give one.")


def _open_now(cycle: Cycle, framework: Framework, at: datetime, home: Path | None) -> None:
    with open_installation(home, make=True) as (settings, register):
        with register.writing() as connection:
            store_cycle(connection, cycle, framework, at=at, actor=ACTOR)
        with show_progress("Writing letters and forms") as bar:
            done = advance_and_deliver(register, settings, at, progress=bar)
        with register.reading() as connection:
            states = messages.count_states(connection, cycle_id=cycle.id)
        print_sentence(
            f"{cycle.name} is open: {len(cycle.authors)} areas, {len(done.issued)} documents in "
            f"{settings.outbox_folder / cycle.id}.",
        )
        print_sentence(
            f"{say_what_left(settings, states)} Put what comes back into "
            f"{settings.inbox_folder}, then: peer-challenge intake",
        )
