"""Commands that keep an installation: doctor, migrate, backup, restore, export, report, new-password..."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import (
    ACTOR,
    AsJson,
    Home,
    Today,
    find_settings,
    moment_of,
    open_installation,
    print_json,
    print_sentence,
)
from peer_challenge.clock import read_clock
from peer_challenge.errors import WrongUse

if TYPE_CHECKING:
    from peer_challenge.operations.backup_seal import BackupKey
    from peer_challenge.settings import Settings


def add_commands_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    for command in (
        doctor,
        migrate,
        copy_register,
        backup,
        backup_key,
        restore,
        report,
        suites,
        new_password,
        prefect_password,
    ):
        app.command()(command)
    app.command("export")(export_all)
    app.add_typer(templates, name="templates")


def doctor(as_json: AsJson = False, home: Home = None) -> None:
    """Say whether this installation is healthy, what to do if not, and which settings are in force.

    Ends with 0 when it is healthy, 1 when it is not.
    """
    from rich.text import Text

    from cli.terminal import console
    from peer_challenge.operations.doctor import examine_installation, is_healthy
    from peer_challenge.operations.doctor_mail import check_mail

    settings = find_settings(home)
    checks = [*examine_installation(settings), *check_mail(settings)]
    if as_json:
        print_json(
            {
                "is_healthy": is_healthy(checks),
                "checks": [
                    {
                        "name": c.name,
                        "is_well": c.is_well,
                        "saw": c.saw,
                        "remedy": None if c.is_well else c.remedy,
                    }
                    for c in checks
                ],
                "settings": _describe_settings(settings),
            }
        )
        raise typer.Exit(0 if is_healthy(checks) else 1)
    for check in checks:
        colour = "green" if check.is_well else "red" if check.is_fatal else "yellow"
        console.print(Text.assemble((f"{check.status:20}", colour), f" {check.name}: {check.saw}"))
        if not check.is_well:
            print_sentence(f"                     {check.remedy}")
    print_sentence("\nSettings in force")
    for name, told in _describe_settings(settings).items():
        print_sentence(f"  {name:26} {told['value']}  ({told['source']})", is_dim=True)
    print_sentence(
        "\nThis installation is healthy." if is_healthy(checks) else "\nThis installation is not healthy."
    )
    raise typer.Exit(0 if is_healthy(checks) else 1)


def _describe_settings(settings: "Settings") -> dict[str, dict[str, str]]:
    """Each setting's value, secrets hidden by their type, and where it came from."""
    return {
        name: {
            "value": _format_value(getattr(settings, name)),
            "source": settings.sources.get(name, "default"),
        }
        for name in type(settings).model_fields
        if name != "sources"
    }


def _format_value(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def migrate(home: Home = None) -> None:
    """Bring the register's tables to this version, making them where there are none."""
    from peer_challenge.operations.migrate_home import migrate_installation as bring_up

    settings = find_settings(home)
    bring_up(settings)
    print_sentence("The register is at this program's version.")


def backup(
    file: Annotated[Path, typer.Argument(help="The backup to write (.zip).", show_default=False)],
    encrypt: Annotated[
        bool, typer.Option("--encrypt", help="Encrypt it with the backup key, as an age file (.zip.age).")
    ] = False,
    home: Home = None,
) -> None:
    """Back everything up into one file, sealed with the backup key, while the service runs or not."""
    from peer_challenge.operations.write_backup import write_backup

    with open_installation(home) as (settings, register):
        count = write_backup(register, settings, file.resolve(), read_clock(), encrypts=encrypt)
    print_sentence(f"{count} files are in {file}. Keep it where the originals may be kept.")
    print_sentence("To restore it you need the backup key: `peer-challenge backup-key` shows it.")


def backup_key(home: Home = None) -> None:
    """Show the key with which backups are sealed and encrypted, to be kept away from this machine.

    Anybody who has it can open encrypted backups, and make backups that `restore` takes for yours.
    """
    from peer_challenge.operations.backups_folder import show_backup_key

    with open_installation(home) as (settings, register):
        key = show_backup_key(register, settings, read_clock(), actor=ACTOR)
    print(key.text)
    print_sentence(
        f"This is the backup key {key.name}. Keep it where you keep passwords, not beside the backups. "
        "Without it no encrypted backup can be opened, and no other machine can tell that a backup is yours.",
        is_aside=True,
    )


def restore(
    file: Annotated[Path, typer.Argument(help="A backup.", exists=True, show_default=False)],
    key: Annotated[
        Path | None,
        typer.Option("--key", help="A file that holds the backup key of the installation.", exists=True),
    ] = None,
    unauthenticated: Annotated[
        bool,
        typer.Option(
            "--unauthenticated",
            help="Restore it though no seal shows who made it, as with a backup of an older version.",
        ),
    ] = False,
    with_settings: Annotated[
        bool,
        typer.Option(
            "--with-settings",
            help="Use the settings of the backup at once: its folders, its database, its mail server.",
        ),
    ] = False,
    home: Home = None,
) -> None:
    """Restore a backup into an empty folder, once its seal and every file in it have been checked."""
    from peer_challenge.operations.backup_seal import read_backup_key
    from peer_challenge.operations.restore_backup import restore_backup as put_back

    restored = put_back(
        file,
        find_settings(home),
        key=read_backup_key(key) if key else _ask_for_key(file, home, unauthenticated),
        is_seal_needed=not unauthenticated,
        uses_settings=with_settings,
    )
    print_sentence(f"{restored.files} files are restored. Now: peer-challenge doctor")
    if restored.settings_aside is not None:
        _say_settings_aside(restored.settings_aside)


def _ask_for_key(backup: Path, home: Path | None, unauthenticated: bool) -> "BackupKey | None":
    """The backup key as somebody types it in; None where none helps, or nobody can be asked.

    An encrypted backup needs it whatever the options say.
    """
    from peer_challenge.operations.backup_seal import locate_backup_key, parse_backup_key
    from peer_challenge.operations.restore_backup import is_encrypted, is_key_needed

    is_needed = is_encrypted(backup) if unauthenticated else is_key_needed(backup)
    if not is_needed or locate_backup_key(find_settings(home)).exists() or not sys.stdin.isatty():
        return None
    typed = typer.prompt("The backup key (it begins with AGE-SECRET-KEY-1)", hide_input=True)
    return parse_backup_key(typed, "What you typed")


def _say_settings_aside(aside: Path) -> None:
    from peer_challenge.operations.restore_backup import list_settings

    print_sentence(
        f"The backup's settings are not in force. They are in {aside}, and set: "
        f"{', '.join(list_settings(aside)) or 'nothing that can be read'}. A folder, database or mail server "
        "named there is that of the installation that was backed up. If this copy is to use them, rename the "
        "file to settings.toml.",
    )


def copy_register(
    address: Annotated[
        Path,
        typer.Argument(
            help="A file that holds the address of an empty PostgreSQL database (postgresql://...).",
            exists=True,
            show_default=False,
        ),
    ],
    home: Home = None,
) -> None:
    """Copy the register into an empty database, and compare every row: the move from SQLite to PostgreSQL.

    Stop the service first. The register that was copied is left as it is.
    """
    from pydantic import SecretStr

    from peer_challenge.operations.migrate_home import migrate_installation as bring_up
    from peer_challenge.register.copying import copy_register as copy
    from peer_challenge.register.database import open_register
    from peer_challenge.settings import read_settings_text

    with open_installation(home) as (settings, register):
        there = settings.model_copy(update={"database_url": SecretStr(read_settings_text(address).strip())})
        bring_up(there)
        target = open_register(there)
        try:
            copied = copy(register, target)
        finally:
            target.close()
    rows = sum(copied.values())
    print_sentence(f"{rows} rows of {len(copied)} tables are copied and compared.")
    print_sentence(f"Now set PEER_CHALLENGE_DATABASE_URL_FILE={address}, then: peer-challenge doctor")


def export_all(
    folder: Annotated[Path, typer.Argument(help="A new folder.", show_default=False)], home: Home = None
) -> None:
    """Write everything out as Excel, CSV and the original Word files: the way out."""
    from peer_challenge.operations.export import export_installation, note_export

    with open_installation(home) as (settings, register):
        count = export_installation(register, settings, folder)
        note_export(register, count, read_clock(), actor=ACTOR)
    print_sentence(f"{count} files are in {folder}.")


def report(
    folder: Annotated[Path, typer.Argument(help="A new folder.", show_default=False)],
    cycle: Annotated[
        str | None, typer.Option("--cycle", help="Which cycle: open, if several are, or closed.")
    ] = None,
    today: Today = None,
    home: Home = None,
) -> None:
    """Write the regional overview as of now: Word, also without names; its tables as Excel and CSV."""
    from cli.assign_output import which_cycle_or_closed
    from peer_challenge.outbox.report_on_demand import write_regional_report as write

    with open_installation(home) as (settings, register):
        with register.reading() as connection:
            cycle_id = which_cycle_or_closed(connection, cycle)
        files = write(register, settings, cycle_id, folder, moment_of(today), actor=ACTOR)
    for file in files:
        print_sentence(str(file))


def suites(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder for the pages.", show_default=False)],
) -> None:
    """Write pages that say in words what is checked in each form, to open in a browser without a network."""
    from peer_challenge.submissions.data_docs import write_data_docs

    page = write_data_docs(folder)
    print_sentence(f"Open {page} in a browser.")


def new_password(
    email: Annotated[str, typer.Argument(help="The address they sign in with.", show_default=False)],
    home: Home = None,
) -> None:
    """Give somebody who can't sign in a one-time link to set a new password; any user of this machine may.

    Until somebody has signed in, each start of the service prints one: this is the way back in later.
    """
    from peer_challenge.register import one_time_links, people

    with open_installation(home) as (settings, register), register.writing() as connection:
        person = people.find_user_by_email(connection, email)
        if person is None:
            raise WrongUse(
                f"Nobody who may sign in has the address {email}.",
                remedy="Check its spelling. The first is office@localhost; the People page lists all others.",
            )
        hours = settings.one_time_link_hours
        token = one_time_links.reset_password(
            connection, person.id, at=read_clock(), actor="command line", link_hours=hours
        )
    print_sentence(f"One-time link of {person.email}:")
    print_sentence(one_time_links.link_to_sign_in(settings, token))
    print_sentence(f"It works once, within {hours} hours, and is not shown again.")
    print_sentence("Their password, sessions and any link from before have ended.")


def prefect_password(home: Home = None) -> None:
    """Show the password that Prefect's own page asks for; for the account that runs the service.

    Type the whole line there, `user:password`. Each start of the service makes another, unless the settings
    name one.
    """
    from peer_challenge.operations.prefect_access import read_password

    settings = find_settings(home)
    try:
        password = read_password(settings)
    except PermissionError as error:
        raise WrongUse(
            "Only the account that runs the service may read Prefect's password.",
            remedy="Run the command as that account: sudo -u peer-challenge peer-challenge prefect-password",
        ) from error
    if password is None:
        raise WrongUse(
            f"Prefect has no password yet: its server was never started for {settings.home}.",
            remedy="Start it with `peer-challenge serve`, or name the service's folder with --home.",
        )
    print(password)


templates = typer.Typer(no_args_is_help=True, help="Check and preview the office's own Word templates.")


@templates.command("check")
def check_templates(home: Home = None) -> None:
    """Say whether the office's own Word templates can be used, each problem with its place."""
    from peer_challenge.dispatches.samples.check_office_templates import check_templates as problems_in

    folder = find_settings(home).own_templates
    problems = problems_in(folder) if folder.is_dir() else []
    for problem in problems:
        print_sentence(f"{problem.file}: {problem.what}" + (f" ({problem.where})" if problem.where else ""))
        print_sentence(f"  {problem.remedy}", is_dim=True)
    print_sentence(
        f"{len(problems)} problems in {folder}."
        if folder.is_dir()
        else f"There are none of your own: {folder} is not there, the shipped ones are in use.",
    )
    raise typer.Exit(1 if problems else 0)


@templates.command("preview")
def preview_template(
    name: Annotated[str, typer.Argument(help="The template's name, such as query_letter.")],
    into: Annotated[Path, typer.Option("--into", help="Where to write.")] = Path(),
    home: Home = None,
) -> None:
    """Write what a template gives on sample data, as Word files to look at."""
    from peer_challenge.dispatches.samples import check_office_templates

    if name not in check_office_templates.list_template_names():
        raise WrongUse(
            f"There is no template {name}.",
            remedy="There are: " + ", ".join(check_office_templates.list_template_names()) + ".",
        )
    folder = find_settings(home).own_templates
    for file in check_office_templates.write_previews(name, into, folder if folder.is_dir() else None):
        print_sentence(str(file))
