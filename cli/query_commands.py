"""Commands that ask and change nothing but proposals: check, assign, dates, status, messages, why."""

from pathlib import Path
from typing import Annotated

import typer

from cli.options import (
    AsJson,
    Home,
    Today,
    find_settings,
    moment_of,
    open_installation,
    print_json,
    print_sentence,
    read_typed_day,
)
from peer_challenge.errors import WrongUse
from peer_challenge.model.vocabulary import Outcome

_EXIT = {Outcome.ACCEPTED: 0, Outcome.WARNED: 0, Outcome.QUERIED: 1, Outcome.REJECTED: 2}
"""As `check` promises to those who call it from a script: 0 where the form counts, more where it does not."""


def add_commands_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    for command in (check, assign, events, dates, status, thread, messages, why):
        app.command()(command)


def check(
    files: Annotated[list[Path], typer.Argument(help="Word documents to read.", show_default=False)],
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Read Word documents and say what is found in each; changes nothing.

    Ends with 0 when every document would be taken in (with warnings or without), 1 when one would be
    queried, 2 when one would be rejected.
    """
    missing = [str(file) for file in files if not file.is_file()]
    if missing:
        raise WrongUse(
            "There is no such file: " + ", ".join(missing),
            remedy="Check the name and the folder, then try again.",
        )
    from peer_challenge.submissions.checking_process import start_checking_process

    start_checking_process()  # first of all: it loads for as long as everything else takes together
    from cli.check_output import tell_check
    from peer_challenge.intake.check_command import check_files, load_known_names

    worst = 0
    settings = find_settings(home)
    known = None if as_json else load_known_names(settings)
    for told in check_files(files, settings):
        worst = max(worst, _EXIT[Outcome(told["outcome"])])
        if known is None:
            print_json(told)
        else:
            tell_check(told, known)
    raise typer.Exit(worst)


def assign(
    cycle: Annotated[
        Path | None,
        typer.Argument(
            help="A cycle file, to try it without a register; or the id of an open cycle.", show_default=False
        ),
    ] = None,
    as_json: AsJson = False,
    approve: Annotated[
        bool, typer.Option("--approve", help="Approve the newest proposal: packs go out.")
    ] = False,
    pin: Annotated[
        str | None, typer.Option(metavar="AREA=CHALLENGER", help="Let this one challenge that area.")
    ] = None,
    ban: Annotated[
        str | None, typer.Option(metavar="AREA=CHALLENGER", help="Never let this one challenge that area.")
    ] = None,
    swap: Annotated[
        str | None, typer.Option(metavar="AREA=AREA", help="Exchange the challengers of two areas.")
    ] = None,
    lift: Annotated[
        str | None, typer.Option(metavar="AREA=CHALLENGER", help="Lift a pin or ban made by hand.")
    ] = None,
    without: Annotated[
        str | None, typer.Option(metavar="AREA", help="The smallest change that lets an area withdraw.")
    ] = None,
    undo: Annotated[
        bool, typer.Option("--undo", help="Undo the newest change, or the approval if nothing is out.")
    ] = False,
    rules: Annotated[
        bool, typer.Option("--rules", help="List the pins and bans made by hand, and why.")
    ] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why, for the journal.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Make the change without asking.")] = False,
    today: Today = None,
    home: Home = None,
) -> None:
    """Propose who challenges whom, and say why; change, approve or undo it, each with a reason.

    Nothing is sent before approval. Once partners are approved, it shows them, and proposes again only for an
    area that waits for a challenger. Given a cycle file, it works on the file alone. A change is shown with
    its price, and made once that is confirmed (or with --yes).
    """
    from cli import assign_output, change_partners

    acts = {"pin": pin, "ban": ban, "swap": swap, "lift": lift, "without": without}
    asked = [(act, value) for act, value in acts.items() if value is not None]
    is_file = cycle is not None and cycle.suffix.lower() in (".yaml", ".yml")
    if len(asked) + approve + undo + rules > 1:
        raise WrongUse("Only one thing can be done at a time.", remedy="Give one of these options.")
    if is_file and (asked or approve or undo or rules):
        raise WrongUse(
            "A cycle file can't be approved or changed here, only a cycle that is open.",
            remedy="Open it first (`peer-challenge open CYCLE.yaml`), or write pins and bans into the file.",
        )
    which = str(cycle) if cycle else None
    if rules:
        return change_partners.list_rules(home, which, as_json)
    if undo:
        return change_partners.undo_last_change(home, which, reason, as_json)
    if asked:
        return change_partners.propose_change(home, which, *asked[0], reason, yes, as_json)
    if is_file and cycle is not None:
        told, names = assign_output.propose_for_file(cycle, home)
    elif approve:
        told, names = assign_output.approve_proposal(home, which, reason, moment_of(today))
    elif found := assign_output.find_approved(home, which):
        (told, names), approve = found, True
    else:
        told, names = assign_output.propose_for_open(home, which, moment_of(today))
    if as_json:
        print_json(told)
    else:
        assign_output.print_proposal(told, names, approved=approve, cycle_id=None if is_file else which)
    raise typer.Exit(1 if told["status"] == "infeasible" else 0)


def events(
    cycle: Annotated[str | None, typer.Argument(help="The id of an open cycle.", show_default=False)] = None,
    as_json: AsJson = False,
    agree: Annotated[
        bool, typer.Option("--agree", help="Agree all that is proposed: invitations go out.")
    ] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why, for the journal.")] = "",
    today: Today = None,
    home: Home = None,
) -> None:
    """List the events that are proposed and agreed; agree all that is proposed, with a reason.

    Nobody is told before. To change a day first, use the page *Timetable of events*.
    """
    from cli import events_output

    if agree:
        events_output.agree_timetable(home, cycle, reason, moment_of(today))
    told = events_output.list_timetable(home, cycle)
    if as_json:
        print_json(told)
    else:
        events_output.print_timetable(told)


def dates(
    received: Annotated[str, typer.Argument(help="The day the pack was received (YYYY-MM-DD).")],
    as_json: AsJson = False,
) -> None:
    """Say which deadlines follow from the day a pack is received, and why."""
    from peer_challenge.dates.deadlines import dates_json
    from peer_challenge.model.vocabulary import DEADLINE_NAMES

    told = dates_json(read_typed_day(received))
    if as_json:
        print_json(told)
        return
    named = {"received": "Received"} | {key: DEADLINE_NAMES[key] for key in ("analysis_due", "event_by")}
    print_sentence("\n".join(f"{what:24}{told[key]}" for key, what in named.items()))
    for note in told["notes"]:
        print_sentence(f"  {note}", is_dim=True)


def status(as_json: AsJson = False, today: Today = None, home: Home = None) -> None:
    """Say which stage every challenge is at, what is due and what is overdue."""
    from cli.answers_output import tell_status
    from peer_challenge.register.status import read_names_by_cycle, status_of

    with open_installation(home) as (_, register):
        told = status_of(register, moment_of(today))
        names = read_names_by_cycle(register, [cycle["id"] for cycle in told["cycles"]])
    if as_json:
        print_json(told)
        return
    tell_status(told, names)


def thread(
    participant: Annotated[str, typer.Argument(help="The area, by id or by name.")],
    subheading: Annotated[str, typer.Argument(help="The sub-heading, such as leadership/equal-duty.")],
    cycle: Annotated[
        str | None, typer.Option("--cycle", help="The cycle; the newest when not given.")
    ] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Follow one sub-heading: the area's words, the challenge, the answer, what was agreed and done."""
    from cli.answers_output import tell_thread
    from peer_challenge.register.golden_thread import thread_of
    from peer_challenge.register.status import find_area_by_name

    with open_installation(home) as (_, register):
        told = thread_of(register, find_area_by_name(register, participant), subheading, cycle)
    if as_json:
        print_json(told)
        return
    tell_thread(told)


def messages(
    cycle: Annotated[
        str | None, typer.Argument(help="A cycle's id; all cycles when not given.", show_default=False)
    ] = None,
    search: Annotated[
        str, typer.Option("--search", help="Only those with these words: an area, a document, an address.")
    ] = "",
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """List what is to be sent and what was sent: each message with its recipient, documents and state."""
    from cli.messages_output import list_messages

    with open_installation(home) as (_, register):
        list_messages(register, cycle, search, as_json)


def why(
    participant: Annotated[str, typer.Argument(help="The area, by id or by name.")],
    day: Annotated[str, typer.Argument(metavar="DATE", help="One of its dates.")],
    home: Home = None,
) -> None:
    """Say which rule, counted from what, gave an area one of its dates."""
    from peer_challenge.register.status import explain_date_of_area, find_area_by_name

    with open_installation(home) as (_, register):
        for line in explain_date_of_area(
            register, find_area_by_name(register, participant), read_typed_day(day)
        ):
            print_sentence(line)
