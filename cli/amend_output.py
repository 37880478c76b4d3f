"""What `peer-challenge amend` does with a changed cycle file: says what would change, asks, changes it."""

import sys
from datetime import datetime
from pathlib import Path

import typer

from cli.options import ACTOR, open_installation, print_json, print_sentence
from peer_challenge.cycle_file.load_cycle import CycleFile, read_cycle_file
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.errors import CycleFileError, WrongUse
from peer_challenge.outbox.do_what_is_due import advance_and_deliver
from peer_challenge.register.cycles import cycle_ids, load_whole_framework
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings
from peer_challenge.steering.amend_cycle import CannotAmend, Plan, amend_cycle, plan_amendment


def amend_from_file(
    path: Path,
    participants: Path | None,
    *,
    reason: str,
    message: str,
    is_confirmed: bool,
    is_trial: bool,
    as_json: bool,
    at: datetime,
    home: Path | None,
) -> None:
    """Compare a changed cycle file with the open cycle, print what changes and follows, and do it.

    Raises CycleFileError with every mistake of the file, CannotAmend with everything that can't be changed
    any more, and WrongUse where there is no file, no such open cycle, or no reason.
    """
    if not path.is_file():
        raise WrongUse(f"There is no such file: {path}.", remedy="Check the name and the folder.")
    with open_installation(home) as (settings, register):
        read = _read_file(settings, register, path, participants)
        if not as_json:
            for warning in read.warnings:
                print_sentence(f"Note: {warning}", is_aside=True)
        with register.reading() as connection:
            plan = plan_amendment(connection, read.cycle, at)
        _print_plan(plan, as_json=as_json)
        if plan.refusals:
            raise CannotAmend(plan.refusals)
        if is_trial or not plan.changes:
            return
        if not is_confirmed and not (sys.stdin.isatty() and not as_json):
            raise WrongUse("Nothing was changed yet.", remedy="Run it again with --yes and --reason WHY.")
        if not is_confirmed:
            typer.confirm("Change the cycle so?", abort=True)
            reason = reason or typer.prompt("Why? It goes into the journal")
        amend_cycle(register, settings, read.cycle, at=at, actor=ACTOR, reason=reason, message=message)
        done = advance_and_deliver(register, settings, at)
        if not as_json:
            print_sentence(f"The cycle is changed. {len(done.issued)} documents went out.")


def _read_file(settings: Settings, register: Register, path: Path, participants: Path | None) -> CycleFile:
    """The changed file, checked with the frameworks that the open cycles were opened with."""
    with register.reading() as connection:
        opened = [load_whole_framework(connection, one) for one in cycle_ids(connection)]
    frameworks = {**shipped_frameworks(settings.own_frameworks), **{one.id: one for one in opened}}
    try:
        return read_cycle_file(path, frameworks, participants=participants)
    except CycleFileError as error:
        error.remedy = "Correct every line named above, then run the command again. Nothing was changed."
        raise


def _print_plan(plan: Plan, *, as_json: bool) -> None:
    if as_json:
        print_json(plan.as_dict())
        return
    if not plan.changes:
        print_sentence("Nothing is different from the cycle as it is.")
        return
    print_sentence("What changes:")
    for change in plan.changes:
        print_sentence(f"- {change.told}")
    if plan.follows:
        print_sentence("What follows:")
    for sentence in plan.follows:
        print_sentence(f"- {sentence}")
