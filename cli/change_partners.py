"""What `peer-challenge assign` does to change partners: pin, ban, swap, lift, without, undo, and the list."""

from dataclasses import asdict
from pathlib import Path

import typer

from cli.assign_output import map_area_names, which_cycle
from cli.options import ACTOR, open_installation, print_json
from cli.terminal import console, make_text_table
from peer_challenge.clock import read_clock
from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle import Cycle
from peer_challenge.partners import changes
from peer_challenge.partners.changes import Trial
from peer_challenge.partners.pins_and_bans import office_rules, read_kept_proposal
from peer_challenge.register import assignments
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Register


def list_rules(home: Path | None, cycle_id: str | None, as_json: bool) -> None:
    """Print the pins and bans made by hand."""
    with open_installation(home) as (_, register), register.reading() as connection:
        cycle, _framework = load_stored(connection, which_cycle(connection, cycle_id))
        row = assignments.load_standing(connection, cycle.id)
        found, names = office_rules(read_kept_proposal(row)), map_area_names(cycle)
    if as_json:
        print_json([asdict(rule) for rule in found])
        return
    if not found:
        console.print("No pin or ban was made by hand. Those of the cycle file are not listed here.")
        return
    listed = make_text_table("Decided", "Area", "Challenger", "Why", "By", "On", title="By hand")
    for rule in found:
        told = "must be" if rule.act == "pin" else "never"
        area, challenger = names.get(rule.author, rule.author), names.get(rule.challenger, rule.challenger)
        listed.add_row(told, area, challenger, rule.reason, rule.made_by, rule.made_at[:10])
    console.print(listed)


def undo_last_change(home: Path | None, cycle_id: str | None, reason: str, as_json: bool) -> None:
    """Undo the newest change, or the approval, and say what was undone."""
    with open_installation(home) as (_, register), register.exclusive("advance") as is_quiet:
        if not is_quiet:
            raise WrongUse("Something is just going out.", remedy="Try again in a minute.")
        told = _undo_in_register(register, cycle_id, reason)
    if as_json:
        print_json({"undone": told})
    else:
        console.print(told, highlight=False)


def _undo_in_register(register: Register, cycle_id: str | None, reason: str) -> str:
    with register.reading() as connection:
        cycle, _framework = load_stored(connection, which_cycle(connection, cycle_id))
    return changes.undo_newest_step(register, cycle, at=read_clock(), actor=ACTOR, reason=reason)


def propose_change(
    home: Path | None, cycle_id: str | None, act: str, value: str, reason: str, is_sure: bool, as_json: bool
) -> None:
    """Show what a change would move and cost; keep it as the proposal once that is confirmed."""
    with open_installation(home) as (_, register):
        with register.reading() as connection:
            cycle, _framework = load_stored(connection, which_cycle(connection, cycle_id))
        trial = _try_requested_change(register, cycle, act, value)
        if not as_json:
            _print_trial(trial, cycle)
        if not trial.proposal["pairs"] or not (is_sure or _is_change_confirmed(as_json)):
            is_possible = bool(trial.proposal["pairs"])
            _print_trial_json(trial, is_kept=False) if as_json else console.print(
                "Nothing was changed."
                if is_possible
                else "Nothing was changed: no pairs would keep every rule."
            )
            raise typer.Exit(0 if is_possible else 1)
        with register.writing() as connection:
            at = read_clock()
            changes.keep_trial(connection, cycle, trial, at=at, actor=ACTOR, reason=reason)
    if as_json:
        _print_trial_json(trial, is_kept=True)
    else:
        console.print(
            "The proposal was changed. Nothing is sent until `peer-challenge assign --approve --reason WHY`."
        )


def _try_requested_change(register: Register, cycle: Cycle, act: str, value: str) -> Trial:
    if act == "without":
        return changes.try_without(register, cycle, _find_area_id(cycle, value))
    one, equals, other = value.partition("=")
    if not equals:
        raise WrongUse(f'"{value}" names one area, not two.', remedy=f"Write --{act} AREA=AREA.")
    author, second = _find_area_id(cycle, one), _find_area_id(cycle, other)
    if act == "lift":
        return changes.try_lifting(register, cycle, author, second)
    return changes.try_change(register, cycle, act, author, second)


def _find_area_id(cycle: Cycle, given: str) -> str:
    """The id of an area given by its id, name or other name."""
    wanted = given.strip().casefold()
    for area in cycle.participants:
        if wanted in (known.casefold() for known in (area.id, area.name, *area.aliases)):
            return area.id
    raise WrongUse(
        f'There is no area "{given.strip()}" in this cycle.',
        remedy="Its areas: " + ", ".join(area.id for area in cycle.participants) + ".",
    )


def _is_change_confirmed(as_json: bool) -> bool:
    return not as_json and console.is_terminal and typer.confirm("Change the proposal so?")


def _print_trial(trial: Trial, cycle: Cycle) -> None:
    names = map_area_names(cycle)
    for author, before, after in trial.moved:
        old = f" instead of {names.get(before, before)}" if before else ""
        told = f"- {names.get(author, author)} is challenged by {names.get(after, after)}{old}"
        console.print(told, highlight=False)
    if trial.proposal["pairs"] and not trial.moved:
        console.print("No pair would change.")
    for line in (*trial.proposal["conflict"], *trial.proposal.get("relaxations", ())):
        console.print(f"- {line}", highlight=False)
    if trial.told:
        console.print(f"What it costs: {trial.told}", highlight=False)


def _print_trial_json(trial: Trial, *, is_kept: bool) -> None:
    moved = [{"author": a, "before": b or None, "after": c} for a, b, c in trial.moved]
    told = {**trial.proposal, "moved": moved, "price": trial.told, "kept": is_kept}
    print_json(told)
