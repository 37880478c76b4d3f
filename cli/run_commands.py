"""Commands that run a cycle: rehearse, open, intake, watch, advance, serve."""

from pathlib import Path
from typing import Annotated

import typer

from cli.options import AsJson, Home, Today, moment_of, open_installation, print_sentence
from peer_challenge.errors import WrongUse


def add_commands_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(rehearse)
    app.command("open")(open_cycle)
    app.command("undo-opening")(take_back_opening)
    for command in (
        framework,
        amend,
        figures,
        intake,
        fetch_mail,
        identify,
        watch,
        advance,
        remind,
        not_sent,
        serve,
    ):
        app.command()(command)


def rehearse(
    into: Annotated[Path, typer.Option("--into", "--home", help="The folder to rehearse in.")] = Path(
        "rehearsal"
    ),
    areas: Annotated[int, typer.Option("--areas", min=4, max=15, help="How many areas take part.")] = 15,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same documents.")] = 2027,
    by_email: Annotated[
        str,
        typer.Option(
            "--by-email", metavar="HOST:PORT", help="Send every document in an email, by this mail server."
        ),
    ] = "",
    mailbox: Annotated[
        str,
        typer.Option(
            "--mailbox",
            metavar="HOST:PORT",
            help="Let every return come as an email in the mailbox there (IMAP), of the user and with the "
            "password in PEER_CHALLENGE_IMAP_USER and PEER_CHALLENGE_IMAP_PASSWORD.",
        ),
    ] = "",
) -> None:
    """Run a whole cycle of a fictional region, in and out of Word, on a simulated clock.

    Everything is the real thing but the people: templates go out, filled-in forms land in the inbox,
    questions go back, partners are matched, events are set and held, summaries and action plans follow.
    It happens in a folder of its own, never in a real cycle's, and no email is sent unless you name a
    mail server for it: one that delivers nothing, as every address is invented. The mailbox, if you name
    one, must be of the rehearsal alone: everything new in it is fetched. An interrupted rehearsal
    goes on where it stopped.
    """
    from cli.rehearse import run_rehearsal

    run_rehearsal(into, areas, seed, by_email, mailbox)


def open_cycle(
    cycle_file: Annotated[
        Path, typer.Argument(metavar="CYCLE.yaml", help="The cycle file.", show_default=False)
    ],
    participants: Annotated[
        Path | None, typer.Option("--participants", help="Take the participants from an Excel or CSV file.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be opened, and what is wrong.")
    ] = False,
    today: Today = None,
    home: Home = None,
) -> None:
    """Open a cycle: register it, and send a launch letter and a self-assessment form to each area.

    Every mistake in the file is reported at once, with its place, and nothing is opened.
    """
    from cli.open_output import open_from_file

    open_from_file(cycle_file, participants, is_trial=dry_run, at=moment_of(today), home=home)


def take_back_opening(
    cycle: Annotated[str, typer.Argument(help="The cycle's id.", show_default=False)],
    nothing_sent: Annotated[
        bool, typer.Option("--nothing-sent", help="None of the drafts in the outbox was sent.")
    ] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why, for the journal.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    today: Today = None,
    home: Home = None,
) -> None:
    """Take back that a cycle was opened, until something has gone out or come in.

    It says first what follows. The cycle is in preparation again: open it on the page, or from its file.
    """
    from cli.take_back_output import take_opening_back

    take_opening_back(cycle, reason, yes, nothing_sent, today, home)


def framework(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A Word, Excel or framework file.", show_default=False),
    ],
    to: Annotated[
        Path | None, typer.Option("--to", help="Write the framework here, and not into the installation.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what is understood.")] = False,
    as_json: AsJson = False,
    today: Today = None,
    home: Home = None,
) -> None:
    """Turn your own template of areas of focus (Word or Excel) into a framework, and say what is understood.

    Headings, or rows across the table, are areas of focus; the first column has the sub-headings, the next
    what is looked for. What has the same title as before keeps its id. Ends with 1 when nothing could be
    written.
    """
    from cli.framework_output import make_framework_from_file

    code = make_framework_from_file(
        file, to=to, is_trial=dry_run, as_json=as_json, at=moment_of(today), home=home
    )
    raise typer.Exit(code)


def amend(
    cycle_file: Annotated[
        Path, typer.Argument(metavar="CYCLE.yaml", help="The cycle file, changed.", show_default=False)
    ],
    participants: Annotated[
        Path | None, typer.Option("--participants", help="Take the participants from an Excel or CSV file.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why, for the journal.")] = "",
    message: Annotated[
        str, typer.Option("--message", help="What those are told who get a letter with new dates.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Change it without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    as_json: AsJson = False,
    today: Today = None,
    home: Home = None,
) -> None:
    """Change a cycle that is open: edit its file, then see what changes and what follows, and confirm.

    Every mistake in the file, and everything that can't be changed any more, is reported at once, and nothing
    is changed. What was issued stays as it was.
    """
    from cli.amend_output import amend_from_file

    amend_from_file(
        cycle_file,
        participants,
        reason=reason,
        message=message,
        is_confirmed=yes,
        is_trial=dry_run,
        as_json=as_json,
        at=moment_of(today),
        home=home,
    )


def figures(
    table: Annotated[
        Path, typer.Argument(metavar="TABLE", help="The figures, an Excel or CSV file.", show_default=False)
    ],
    cycle: Annotated[str, typer.Option("--cycle", help="The cycle, where several are open.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what is understood.")] = False,
    as_json: AsJson = False,
    today: Today = None,
    home: Home = None,
) -> None:
    """Give a table of indicators: each area's sheet goes beside its analysis pack.

    Every problem in the table is reported with its cell, and then nothing is changed. Once a pack has gone,
    the figures stay as they are.
    """
    from cli.figures_output import give_figures_from_file

    give_figures_from_file(table, cycle, is_trial=dry_run, as_json=as_json, at=moment_of(today), home=home)


def intake(today: Today = None, home: Home = None) -> None:
    """Take in what is in the inbox, once, and send what goes back.

    What can't be taken in goes to the folder rejected/ with the reason beside it. Files that are
    still arriving stay for the next time.
    """
    from cli.intake_output import take_once
    from peer_challenge.operations.temporary_files import own_temporary_folder

    with open_installation(home) as (settings, register), own_temporary_folder(settings):
        take_once(settings, register, moment_of(today))


def fetch_mail(today: Today = None, home: Home = None) -> None:
    """Fetch emails with forms from the office's mailbox into the inbox, each once; `intake` reads them.

    What holds no form stays in the mailbox and is listed with the reason.
    """
    from cli.mailbox_output import fetch_once

    with open_installation(home) as (settings, register):
        fetch_once(settings, register, moment_of(today))


def identify(
    submission: Annotated[
        int | None, typer.Argument(help="The document's number; all that are held when not given.")
    ] = None,
    area: Annotated[str, typer.Option("--area", help="Whose challenge it is about: the author.")] = "",
    kind: Annotated[str, typer.Option("--kind", help="Which form it is, such as self-assessment.")] = "",
    cycle: Annotated[str | None, typer.Option("--cycle", help="Where several cycles are open.")] = None,
    nobody: Annotated[bool, typer.Option("--nobody", help="Reject it: nothing goes to anybody.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="How you know, for the journal.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take back what was said: it is held again.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    today: Today = None,
    home: Home = None,
) -> None:
    """Say whose a held document is, or take that back; without a number, list those that are held.

    A document is held while it is not certain whose it is. It says first what follows. What was said can be
    taken back until something has gone out because of it.
    """
    from cli.identify_output import identify_one, list_held

    if submission is None:
        with open_installation(home) as (_, register):
            list_held(register)
        return
    if undo:
        from cli.take_back_output import take_identification_back

        if nobody or area or kind:
            raise WrongUse("Only one thing can be done at a time.", remedy="Give --undo alone.")
        take_identification_back(submission, reason, yes, today, home)
        return
    if nobody == bool(area and kind):
        raise WrongUse(
            "You have not said whose document it is.", remedy="Give --area and --kind, or --nobody alone."
        )
    identify_one(submission, None if nobody else (cycle, area, kind), reason, yes, today, home)


def not_sent(
    message: Annotated[int, typer.Argument(help="The message's number, as `messages` lists it.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, for the journal.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    today: Today = None,
    home: Home = None,
) -> None:
    """Say that a message was not sent, though somebody marked it as sent by mistake.

    It says first what follows. What a mail server sent, or its recipient has opened, has really gone.
    """
    from cli.messages_output import take_message_back

    take_message_back(message, reason, yes, today, home)


def watch(home: Home = None) -> None:
    """Take in what arrives in the inbox as it arrives, until stopped with Ctrl-C."""
    from cli.watch_inbox import keep_taking
    from peer_challenge.operations.temporary_files import own_temporary_folder

    with open_installation(home) as (settings, register), own_temporary_folder(settings):
        keep_taking(settings, register)


def advance(today: Today = None, home: Home = None) -> None:
    """Do what is due: move challenges on, and put what has to go out into the outbox.

    Can be run at any time and twice: nothing is sent twice.
    """
    from cli.messages_output import print_delivered
    from cli.terminal import show_progress
    from peer_challenge.outbox.do_what_is_due import advance_and_deliver

    with open_installation(home) as (settings, register):
        with show_progress("Dispatches") as bar:
            done = advance_and_deliver(register, settings, moment_of(today), progress=bar)
        print_sentence(
            f"{done.moved} challenges moved on; {len(done.issued)} dispatches went out to "
            f"{settings.outbox_folder}.",
        )
        print_delivered(settings, done.delivered)
        for issued in done.issued:
            print_sentence(f"  {issued.path}")


def remind(
    today: Today = None,
    is_dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say who would be reminded of what; changes nothing.")
    ] = False,
    home: Home = None,
) -> None:
    """Remind those who have to act: a letter and a drafted email each, once.

    With a mail server in the settings the emails are sent; else they are drafts in the outbox.
    """
    from cli.remind_output import print_due_reminders, remind_now

    with open_installation(home) as (settings, register):
        (print_due_reminders if is_dry_run else remind_now)(settings, register, moment_of(today))


def serve(
    part: Annotated[
        str | None,
        typer.Argument(help="One part alone: server, worker, watcher or dashboard.", show_default=False),
    ] = None,
    home: Home = None,
) -> None:
    """Run everything: Prefect server, worker, watcher and dashboard, until stopped with Ctrl-C.

    With a part named, this process becomes that part: for several machines, or where systemd or
    containers keep things running (deploy/).
    """
    from cli.serve import serve_all, serve_part

    if part is None:
        serve_all(home)
    else:
        serve_part(home, part)
