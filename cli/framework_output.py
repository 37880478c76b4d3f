"""What `peer-challenge framework` does with a file: says what it understood, and writes a framework."""

from datetime import datetime
from pathlib import Path

from cli.options import ACTOR, find_settings, print_json, print_sentence
from peer_challenge.cycle_file.yaml_with_lines import Path_
from peer_challenge.errors import NotMigrated, WrongUse
from peer_challenge.frameworks.column_roles import ROLE_NAMES
from peer_challenge.frameworks.keep_ids import list_entries
from peer_challenge.frameworks.outline import UnreadableFile
from peer_challenge.frameworks.read_uploaded import MOST_BYTES, read_uploaded_framework
from peer_challenge.frameworks.write_framework import write_framework_file
from peer_challenge.register.database import Register, open_register
from peer_challenge.settings import Settings
from peer_challenge.steering.framework_drafts import PlannedFramework, plan_framework_from_file
from peer_challenge.steering.own_frameworks import (
    choose_framework_id,
    find_framework_file,
    save_planned_framework,
)


def make_framework_from_file(
    path: Path, *, to: Path | None, is_trial: bool, as_json: bool, at: datetime, home: Path | None
) -> int:
    """Print what is understood of a file, and write it as a framework; returns the exit code.

    It goes into the installation's folder of frameworks, or where `to` says. 1: nothing was written, as
    something has to be corrected first. Raises WrongUse for a file that can't be used.
    """
    if not path.is_file():
        raise WrongUse(f"There is no such file: {path}.", remedy="Check the name and the folder.")
    settings = find_settings(home)
    with path.open("rb") as file:
        raw = file.read(MOST_BYTES + 1)
    try:
        uploaded = read_uploaded_framework(path.name, raw)
    except UnreadableFile as why:
        raise WrongUse(f"{path.name}: {why}", remedy="Then run the command again.") from None
    register = _open_register_if_any(settings)
    try:
        planned = plan_framework_from_file(register, settings, uploaded)
        is_whole = planned.framework is not None and not planned.problems
        written = _write(register, settings, planned, to, at) if is_whole and not is_trial else None
    finally:
        if register is not None:
            register.close()
    if as_json:
        print_json(_describe(planned, written))
    else:
        _print(planned, written, is_trial=is_trial)
    return 0 if is_whole else 1


def _open_register_if_any(settings: Settings) -> Register | None:
    try:
        return open_register(settings)
    except NotMigrated:
        return None


def _write(
    register: Register | None, settings: Settings, planned: PlannedFramework, to: Path | None, at: datetime
) -> Path:
    if register is not None and to is None:
        saved = save_planned_framework(register, settings, planned, at=at, actor=ACTOR)
        return find_framework_file(settings.own_frameworks, saved.id) or settings.own_frameworks
    if to is None:
        raise WrongUse(
            "There is no installation here to keep the framework.",
            remedy="Run `peer-challenge migrate` first, or say where to write it: --to FILE.yaml.",
        )
    if to.exists():
        raise WrongUse(f"{to} is there already.", remedy="Choose another name with --to.")
    ident = choose_framework_id(planned.entries, (), settings)
    to.write_text(write_framework_file({**planned.entries, "id": ident}), encoding="utf-8")
    return to


def _list_problems(planned: PlannedFramework) -> list[tuple[str, str]]:
    found = [(_name_place(planned, path), words) for path, words in planned.problems]
    return [*found, *(planned.understood.problems if planned.understood else ())]


def _name_place(planned: PlannedFramework, path: Path_) -> str:
    """The titles of the area of focus and the sub-heading that a path leads to."""
    titles = []
    held = list_entries(planned.entries, "focus_areas")
    for step in path:
        if isinstance(step, int) and step < len(held):
            titles.append(str(held[step].get("title") or "without a title"))
            held = list_entries(held[step], "subheadings")
    return ", ".join(titles) or "The framework"


def _describe(planned: PlannedFramework, written: Path | None) -> dict[str, object]:
    understood = planned.understood
    return {
        "framework": planned.entries,
        "written": str(written) if written else None,
        "columns": [
            {"heading": one.heading, "role": one.role.value, "place": one.place, "is_sure": one.is_sure}
            for one in (understood.columns if understood else ())
        ],
        "problems": [{"place": place, "message": words} for place, words in _list_problems(planned)],
        "notes": understood.notes if understood else [],
        "alike": [
            {"subheading": one.address, "title": one.title, "like": one.suggested}
            for one in planned.to_answer
        ],
    }


def _print(planned: PlannedFramework, written: Path | None, *, is_trial: bool) -> None:
    print_sentence(str(planned.entries.get("title") or "Without a title"))
    for area in list_entries(planned.entries, "focus_areas"):
        print_sentence(f"\n{area.get('title')}" + ("  (linked)" if area.get("scope") == "linked" else ""))
        for row in list_entries(area, "subheadings"):
            print_sentence(f"  {row.get('title')}  ({area.get('id')}/{row.get('id')})")
    if planned.understood and planned.understood.columns:
        print_sentence("\nColumns")
        for one in planned.understood.columns:
            print_sentence(f"  {one.heading or one.place}: {ROLE_NAMES[one.role]}", is_dim=True)
    problems = _list_problems(planned)
    if problems:
        print_sentence("\nTo look at")
        for place, words in problems:
            print_sentence(f"  {place}: {words}")
    for note in planned.understood.notes if planned.understood else ():
        print_sentence(f"Note: {note}", is_aside=True)
    if planned.base is not None:
        for alike in planned.to_answer:
            like = planned.base.subheadings[alike.suggested].title
            print_sentence(
                f"“{alike.title}” is like “{like}” of {planned.base.title}. If it is the same, add "
                f"`crosswalk: [{alike.suggested}]` to it in the file.",
                is_aside=True,
            )
    if written is not None:
        print_sentence(f"\nWritten: {written}")
    elif not is_trial:
        print_sentence("\nNothing was written. Correct these points first, or upload the file on the page.")
