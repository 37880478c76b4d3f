"""What `peer-challenge assign` does on a cycle file, on an open cycle, and on approval."""

from datetime import datetime
from pathlib import Path

from cli.options import ACTOR, open_installation
from cli.terminal import console, make_text_table
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.kept_proposal import KeptProposal
from peer_challenge.partners import proposals
from peer_challenge.partners.pins_and_bans import read_kept_proposal
from peer_challenge.partners.solver import list_figures
from peer_challenge.register import assignments
from peer_challenge.register.cycles import cycle_ids, load_all_stored, load_state, load_stored
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import AssignmentStatus, CycleState
from peer_challenge.settings import load_settings

Told = tuple[KeptProposal, dict[str, str]]


def map_area_names(cycle: Cycle) -> dict[str, str]:
    """The names of the areas, by id."""
    return {participant.id: participant.name for participant in cycle.participants}


def propose_for_file(path: Path, home: Path | None) -> Told:
    """The proposal for a cycle file alone, as `assign --json` prints it, and the areas' names."""
    from peer_challenge.cycle_file.load_cycle import load_cycle
    from peer_challenge.partners.solver import problem_from_cycle, propose_partners

    cycle = load_cycle(path, shipped_frameworks(load_settings(home).own_frameworks))
    return propose_partners(problem_from_cycle(cycle)).as_dict(), map_area_names(cycle)


def find_approved(home: Path | None, cycle_id: str | None) -> Told | None:
    """The partners of an open cycle as they are approved; None where an area still waits for a challenger."""
    with open_installation(home) as (_, register), register.reading() as connection:
        cycle, _framework = load_stored(connection, which_cycle(connection, cycle_id))
        standing = assignments.load_standing(connection, cycle.id)
        is_settled = standing is not None and standing.status is AssignmentStatus.APPROVED
        if not is_settled or proposals.list_waiting_for_challenger(connection, cycle.id):
            return None
        return read_kept_proposal(standing), map_area_names(cycle)


def propose_for_open(home: Path | None, cycle_id: str | None, at: datetime) -> Told:
    """A new proposal for an open cycle, kept for approval."""
    with open_installation(home) as (_, register):
        with register.reading() as connection:
            cycle, _framework = load_stored(connection, which_cycle(connection, cycle_id))
        proposal = proposals.propose_for(register, cycle, at, actor=ACTOR)
        return proposal.as_dict(), map_area_names(cycle)


def approve_proposal(home: Path | None, cycle_id: str | None, reason: str, at: datetime) -> Told:
    """Approve the newest proposal of an open cycle; packs go out at the next advance."""
    with open_installation(home) as (_, register), register.writing() as connection:
        cycle, _framework = load_stored(connection, which_cycle(connection, cycle_id))
        proposals.approve_latest(connection, cycle, at, reason=reason, actor=ACTOR)
        approved = assignments.load_latest(connection, cycle.id, AssignmentStatus.APPROVED)
        return read_kept_proposal(approved), map_area_names(cycle)


def which_cycle(connection: Transaction, cycle_id: str | None) -> str:
    """The open cycle that is meant. Raises WrongUse when that is not clear."""
    found = cycle_ids(connection)
    if cycle_id is not None and cycle_id in found:
        return cycle_id
    if cycle_id is None and len(found) == 1:
        return found[0]
    closed = load_state(connection, cycle_id or "")
    raise WrongUse(
        f"The cycle {cycle_id} is {closed}." if closed else "It is not clear which cycle is meant.",
        remedy="Open cycles: " + (", ".join(found) or "none") + ". Name one, or a cycle file.",
    )


def which_cycle_or_closed(connection: Transaction, cycle_id: str | None) -> str:
    """The cycle that is meant, where one that is closed will do: the only one needs no name.

    Raises WrongUse when that is not clear.
    """
    closed = list(load_all_stored(connection, states=(CycleState.CLOSED,)))
    if cycle_id in closed:
        return str(cycle_id)
    if cycle_id is None and not cycle_ids(connection) and closed:
        if len(closed) == 1:
            return closed[0]
        raise WrongUse(
            "It is not clear which cycle is meant.",
            remedy=f"Name one: --cycle {' or --cycle '.join(closed)}.",
        )
    return which_cycle(connection, cycle_id)


def print_proposal(
    told: KeptProposal, names: dict[str, str], *, approved: bool, cycle_id: str | None
) -> None:
    """Print a proposal for people, and the command that approves it (`cycle_id` where one was named)."""
    listed = make_text_table("Area", "Challenged by", "Why", title="Partners")
    for pair in told["pairs"]:
        listed.add_row(
            names.get(pair["author"], pair["author"]),
            names.get(pair["challenger"], pair["challenger"]),
            "\n".join([*pair["reasons"], *(f"Or: {other}" for other in pair["alternatives"])]),
        )
    if told["pairs"]:
        console.print(listed)
    for line in told.get("conflict", ()):
        console.print(f"- {line}", highlight=False)
    if told.get("relaxations"):
        console.print("What would make it possible:")
    for line in told.get("relaxations", ()):
        console.print(f"- {line}", highlight=False)
    if told.get("relaxations"):
        console.print("In a cycle file these rules are under `assignment`.")
    for _, name, found in list_figures(told.get("objective", {})):
        console.print(f"{name}: {found}", highlight=False)
    if approved:
        console.print("These partners are approved. `peer-challenge advance` sends what waits to go.")
        console.print("To change them: `peer-challenge assign --pin`, `--ban`, `--swap` or `--without`.")
    elif told["status"] == "infeasible":
        console.print("No pairing keeps every rule. Above is the smallest set that cannot all hold.")
    else:
        console.print(
            f"This answer is {told['status']}. Nothing is sent until it is approved: "
            f"`peer-challenge assign {f'{cycle_id} ' if cycle_id else ''}--approve --reason WHY`."
        )
