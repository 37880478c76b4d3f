"""Commands about what is kept, for how long, and of whom: retain, keep-for, hold, find-person."""

from typing import Annotated

import typer

from cli.options import ACTOR, AsJson, Home, Today, moment_of, open_installation, print_json, print_sentence
from peer_challenge.clock import local_day, read_clock


def add_commands_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    for command in (retain, keep_for, hold, find_person):
        app.command()(command)


def retain(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go; destroy nothing.")] = False,
    today: Today = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Destroy what is kept too long: originals and narratives of cycles that closed long ago.

    Ratings, what was agreed, dates, the record of dispatches, hashes and the journal stay. How long is
    `retention_months` in the cycle's rules, else in the settings. The service does this weekly.
    """
    from peer_challenge.operations import retention

    at = moment_of(today)
    with open_installation(home) as (settings, register):
        kept = retention.list_kept_cycles(register, settings)
        done = None if dry_run else retention.purge_expired_data(register, settings, at, actor=ACTOR)
    if as_json:
        told = {"kept": [k.as_dict() for k in kept], "purged": done.cycles if done else []}
        print_json(told)
        return
    for one in kept:
        due = " DUE" if one.is_due(local_day(at)) else ""
        why = f"; kept: {one.kept_because}" if one.kept_because else ""
        print_sentence(
            f"{one.cycle_id}: closed {one.closed_on}, kept {one.months} months, "
            f"until {one.purge_on}{due}{why}",
        )
    print_sentence(
        "Nothing was destroyed."
        if done is None
        else f"{len(done.cycles)} cycles purged, {done.strays} documents that were nobody's, "
        f"{done.files} files removed.",
    )


def keep_for(
    cycle: Annotated[str, typer.Argument(help="The cycle's id.", show_default=False)],
    months: Annotated[
        int | None,
        typer.Argument(help="Months after it closed; left out, as the settings say.", show_default=False),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why, for the journal.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    today: Today = None,
    home: Home = None,
) -> None:
    """Keep one cycle, open or closed, longer or shorter than the others. It says first what follows."""
    from cli.ask_to_confirm import ask_to_confirm
    from peer_challenge.operations import retention

    at = moment_of(today)
    with open_installation(home) as (settings, register):
        with register.reading() as connection:
            found = retention.describe_months(connection, settings, cycle, months, at)
        reason = ask_to_confirm(found.told, "Keep it so long?", reason, is_sure=yes)
        retention.change_months(register, settings, cycle, months, reason=reason, at=at, actor=ACTOR)
    print_sentence(f"Changed. `peer-challenge retain --dry-run` says until when {cycle} is kept.")


def hold(
    cycle: Annotated[str, typer.Argument(help="The cycle's id.", show_default=False)],
    reason: Annotated[str, typer.Option("--reason", help="Why, for the journal.")],
    lift: Annotated[bool, typer.Option("--lift", help="Lift the hold.")] = False,
    home: Home = None,
) -> None:
    """Put a closed or open cycle under legal hold: nothing of it is destroyed until that is lifted."""
    from peer_challenge.operations import retention

    with open_installation(home) as (_, register):
        retention.change_legal_hold(register, cycle, reason, at=read_clock(), actor=ACTOR, lift=lift)
    print_sentence(f"{cycle} is {'no longer' if lift else 'now'} under legal hold.")


def find_person(
    name: Annotated[str, typer.Argument(help="A name, a role or an email address.", show_default=False)],
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Say where something is held about a person, how long it is kept, and what can be done about it.

    It looks through the whole register, the settings and the names of files, but not inside originals and
    files that went out.
    """
    from peer_challenge.operations.personal_data import find_personal_data

    with open_installation(home) as (settings, register):
        found = find_personal_data(register, settings, name, at=read_clock(), actor=ACTOR)
    if as_json:
        print_json({"found": [one.as_dict() for one in found]})
        return
    for one in found:
        print_sentence(f"{one.what}: {one.where}, {one.times} times. Kept: {one.kept} {one.remedy}")
    if not found:
        print_sentence("Nothing was found. Try other ways of writing the name, and the email address.")
