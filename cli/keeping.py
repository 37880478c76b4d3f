"""Commands that keep an installation: doctor, migrate, backup, restore, export, templates."""

import json

import typer

from cli.shared import AsJson, Home, console
from peer_challenge.settings import Settings, load_settings


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    for command in (doctor, migrate):
        app.command()(command)


def doctor(as_json: AsJson = False, home: Home = None) -> None:
    """Say whether this installation is healthy, what to do if not, and which settings are in force.

    Ends with 0 when it is healthy, 1 when it is not.
    """
    from peer_challenge.doctor import examine, is_healthy

    settings = load_settings(home)
    checks = examine(settings)
    if as_json:
        print(
            json.dumps(
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
                    "settings": _in_force(settings),
                },
                ensure_ascii=False,
            )
        )
        raise typer.Exit(0 if is_healthy(checks) else 1)
    for check in checks:
        mark = (
            "[green]well[/green]"
            if check.is_well
            else ("[red]WRONG[/red]" if check.is_fatal else "[yellow]note[/yellow]")
        )
        console.print(f"{mark:22} {check.name}: {check.saw}", highlight=False)
        if not check.is_well:
            console.print(f"             {check.remedy}", highlight=False)
    console.print("\nSettings in force")
    for name, told in _in_force(settings).items():
        console.print(
            f"  {name:26} {told['value']}  ({told['source']})", highlight=False, style="dim", markup=False
        )
    console.print(
        "\nThis installation is healthy." if is_healthy(checks) else "\nThis installation is not healthy."
    )
    raise typer.Exit(0 if is_healthy(checks) else 1)


def _in_force(settings: Settings) -> dict[str, dict[str, str]]:
    """Each setting's value, secrets hidden by their type, and where it came from."""
    return {
        name: {"value": str(getattr(settings, name)), "source": settings.sources.get(name, "default")}
        for name in Settings.model_fields
        if name != "sources"
    }


def migrate(home: Home = None) -> None:
    """Bring the register's tables to this version, making them where there are none."""
    from peer_challenge.register.database import migrate as bring_up

    settings = load_settings(home)
    bring_up(settings)
    console.print("The register is at this program's version.")
