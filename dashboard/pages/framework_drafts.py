"""A framework in preparation: what was understood of a file, its parts, and saving it for new cycles."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.attachment import attach_file
from dashboard.context import NotFound, Signed, Visit
from dashboard.form_fields import FormFields, Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.framework_fields import (
    WORD_KEYS,
    Field,
    fill_in,
    list_area_fields,
    list_row_fields,
    list_word_fields,
    read_area_fields,
    read_row_fields,
    read_word_fields,
    show_problems,
)
from dashboard.numbers import Id, read_count
from dashboard.render_page import render_page
from dashboard.security import Checked
from peer_challenge.cycle_file.yaml_with_lines import Entry, Path_
from peer_challenge.errors import WrongUse
from peer_challenge.frameworks.column_roles import ROLE_NAMES, Role
from peer_challenge.frameworks.keep_ids import list_entries, suggest_origins
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.model.framework import Framework
from peer_challenge.steering.check_framework_draft import (
    CheckedFramework,
    check_framework_draft,
    list_known_frameworks,
)
from peer_challenge.steering.draft_cycle import mark_value
from peer_challenge.steering.framework_drafts import (
    FrameworkGone,
    choose_columns,
    discard_framework_draft,
    find_area,
    find_row,
    load_framework_draft,
    mark_part,
    move_part,
    remove_part,
    save_area,
    save_framework_words,
    save_origins,
    save_row,
    understand_draft,
)
from peer_challenge.steering.own_frameworks import use_framework
from peer_challenge.steering.preview_framework import preview_blank_form

router = APIRouter(include_in_schema=False)
NEW = "-"
"""Stands in an address for an area of focus or a sub-heading that is not there yet: no id is written so."""


def _load(visit: Visit, draft_id: int) -> CheckedFramework:
    check_user_can_run_cycle(visit.person)
    with visit.register.reading() as connection:
        try:
            draft = load_framework_draft(connection, draft_id)
        except FrameworkGone as gone:
            raise NotFound(str(gone), remedy="Go back to the list of frameworks.") from None
        return check_framework_draft(connection, visit.settings, draft)


def _at(draft_id: int, page: str = "") -> RedirectResponse:
    return RedirectResponse(f"/framework-drafts/{draft_id}{page}", 303)


# The whole


@router.get("/framework-drafts/{draft_id}")
def show_framework_draft(request: Request, visit: Signed, draft_id: Id, done: str = "") -> Response:
    """A framework in preparation: what is left to do, and its parts."""
    return _render_draft(request, visit, draft_id, done="Saved." if done else "")


def _render_draft(
    request: Request, visit: Visit, draft_id: int, *, problem: Problem | None = None, done: str = ""
) -> Response:
    checked = _load(visit, draft_id)
    entries = checked.draft.entries
    understood = understand_draft(checked.draft)
    return render_page(
        request,
        "framework-draft.html",
        status=422 if problem else 200,
        title=str(entries.get("title") or "A new framework"),
        draft=checked.draft,
        checked=checked,
        areas=list_entries(entries, "focus_areas"),
        problems=[(_link_to(checked, path), words) for path, words in checked.problems],
        understood=understood,
        problem=problem,
        done=done,
    )


def _link_to(checked: CheckedFramework, path: Path_) -> str:
    """The page on which the value at a path is typed."""
    base = f"/framework-drafts/{checked.draft.id}"
    areas = list_entries(checked.draft.entries, "focus_areas")
    match path:
        case ("focus_areas", int(i), "subheadings", int(j), *_) if i < len(areas):
            rows = list_entries(areas[i], "subheadings")
            if j < len(rows):
                return f"{base}/areas/{areas[i].get('id')}/rows/{rows[j].get('id')}"
        case ("focus_areas", int(i), *_) if i < len(areas):
            return f"{base}/areas/{areas[i].get('id')}"
        case ("focus_areas", *_):
            return f"{base}/areas/{NEW}"
    return f"{base}/words"


@router.post("/framework-drafts/{draft_id}/use")
def use(request: Request, visit: Checked, draft_id: Id, version: Annotated[Id, Form()] = 0) -> Response:
    """Save it as a framework that new cycles can choose."""
    _load(visit, draft_id)
    try:
        use_framework(
            visit.register,
            visit.settings,
            draft_id,
            seen=version,
            at=visit.office.now(),
            actor=visit.person.name,
        )
    except WrongUse as refused:
        return _render_draft(request, visit, draft_id, problem=tell_problem(refused))
    return RedirectResponse("/frameworks?done=saved", 303)


@router.post("/framework-drafts/{draft_id}/discard")
def discard(visit: Checked, draft_id: Id) -> Response:
    """Throw a draft away; one that is gone already needs nothing more."""
    check_user_can_run_cycle(visit.person)
    try:
        discard_framework_draft(visit.register, draft_id, at=visit.office.now(), actor=visit.person.name)
    except FrameworkGone:
        return RedirectResponse("/frameworks", 303)
    return RedirectResponse("/frameworks?done=discarded", 303)


@router.get("/framework-drafts/{draft_id}/form.docx")
def preview_form(visit: Signed, draft_id: Id) -> Response:
    """The blank self-assessment with this framework, of an invented area."""
    framework = _load(visit, draft_id).framework
    if framework is None:
        raise NotFound(
            "This framework still has mistakes.", remedy="Correct what the page lists, then look again."
        )
    return attach_file(preview_blank_form(visit.settings, framework), "Self-assessment.docx")


# The file


@router.get("/framework-drafts/{draft_id}/file")
def show_file(request: Request, visit: Signed, draft_id: Id) -> Response:
    """What was understood of the file."""
    return _render_file(request, visit, draft_id)


def _render_file(request: Request, visit: Visit, draft_id: int, problem: Problem | None = None) -> Response:
    draft = _load(visit, draft_id).draft
    understood = understand_draft(draft)
    if understood is None:
        raise NotFound("There is no file any more.", remedy="Go back to the list of frameworks.")
    outline = draft.uploaded["outline"]
    return render_page(
        request,
        "framework-file.html",
        status=422 if problem else 200,
        title=f"What we understood of {outline['name'] if isinstance(outline, dict) else ''}",
        draft=draft,
        understood=understood,
        areas=[(area, list_entries(area, "subheadings")) for area in understood.areas],
        roles=[(role.value, name) for role, name in ROLE_NAMES.items()],
        problem=problem,
    )


@router.post("/framework-drafts/{draft_id}/file")
def save_columns(request: Request, visit: Checked, draft_id: Id, fields: FormFields) -> Response:
    """Say what the columns are, and read the file again."""
    understood = understand_draft(_load(visit, draft_id).draft)
    known = {role.value: role for role in Role}
    roles = {
        column.key: known[typed]
        for number, column in enumerate(understood.columns if understood else ())
        if (typed := fields.get(f"column-{number}", "")) in known
    }
    try:
        choose_columns(
            visit.register,
            visit.settings,
            draft_id,
            roles,
            seen=read_count(fields.get("version", ""), 0, 999_999_999) or 0,
            at=visit.office.now(),
            actor=visit.person.name,
        )
    except WrongUse as refused:
        return _render_file(request, visit, draft_id, tell_problem(refused))
    return _at(draft_id, "/file")


# Forms with fields


def _render_fields(
    request: Request,
    draft_id: int,
    title: str,
    fields: Sequence[Field],
    seen: str,
    *,
    problems: Sequence[tuple[str, str]] = (),
    problem: Problem | None = None,
    address: str = "",
    rows: Sequence[Entry] = (),
    intro: str = "",
) -> Response:
    return render_page(
        request,
        "framework-part.html",
        status=422 if problem else 200,
        title=title,
        draft_id=draft_id,
        fields=fields,
        seen=seen,
        problems=problems,
        problem=problem,
        address=address,
        rows=rows,
        intro=intro,
    )


# Title and words


@router.get("/framework-drafts/{draft_id}/words")
def show_words(request: Request, visit: Signed, draft_id: Id) -> Response:
    """The title, what it carries on from, and the words of the form."""
    return _render_words(request, visit, draft_id)


def _render_words(
    request: Request,
    visit: Visit,
    draft_id: int,
    typed: Mapping[str, str] | None = None,
    problem: Problem | None = None,
) -> Response:
    checked = _load(visit, draft_id)
    entries = checked.draft.entries
    with visit.register.reading() as connection:
        known = list_known_frameworks(connection, visit.settings)
    bases = sorted(((one.id, one.title) for one in known.values()), key=lambda pair: pair[1])
    fields = list_word_fields(entries, bases)
    own = [told for told in checked.problems if told[0][:1] != ("focus_areas",)]
    shown, problems = show_problems(fields, (), own)
    return _render_fields(
        request,
        draft_id,
        "Title and words of the form",
        fill_in(shown, typed) if typed else shown,
        mark_value([entries.get(key) for key in WORD_KEYS]),
        problems=[] if problem else problems,
        problem=problem,
        intro="Leave a field empty, and the form says what it usually says.",
    )


@router.post("/framework-drafts/{draft_id}/words")
def save_words(request: Request, visit: Checked, draft_id: Id, fields: FormFields) -> Response:
    """Save the title, what it carries on from, and the words of the form."""
    _load(visit, draft_id)
    try:
        save_framework_words(
            visit.register,
            visit.settings,
            draft_id,
            read_word_fields(fields),
            seen=fields.get("seen", ""),
            at=visit.office.now(),
            actor=visit.person.name,
        )
    except WrongUse as refused:
        return _render_words(request, visit, draft_id, fields, tell_problem(refused))
    own = [path for path, _ in _load(visit, draft_id).problems if path[:1] != ("focus_areas",)]
    return _at(draft_id, "/words" if own else "?done=saved")


# What it carries on


@router.get("/framework-drafts/{draft_id}/origins")
def show_origins(request: Request, visit: Signed, draft_id: Id) -> Response:
    """What each sub-heading carries on of the framework before."""
    checked = _load(visit, draft_id)
    if checked.base is None:
        return _at(draft_id, "/words")
    origins = suggest_origins(checked.draft.entries, checked.base)
    carried = {address for one in origins for address in one.said or ()}
    return render_page(
        request,
        "framework-origins.html",
        title=f"What it carries on from {checked.base.title}",
        draft=checked.draft,
        base=checked.base,
        origins=origins,
        choices=_list_choices(checked.base),
        left=[row.title for address, row in checked.base.subheadings.items() if address not in carried],
    )


def _list_choices(base: Framework) -> list[tuple[str, str]]:
    return [
        (address, f"{row.title} ({base.focus_area_of[address].title})")
        for address, row in base.subheadings.items()
    ]


@router.post("/framework-drafts/{draft_id}/origins")
def save_what_it_carries_on(visit: Checked, draft_id: Id, fields: FormFields) -> Response:
    """Save what sub-headings carry on: those of which something was chosen."""
    checked = _load(visit, draft_id)
    origins = suggest_origins(checked.draft.entries, checked.base) if checked.base else []
    chosen = {
        one.address: "" if typed == NEW else typed
        for number, one in enumerate(origins)
        if (typed := fields.get(f"origin-{number}", "")) and fields.get(f"address-{number}") == one.address
    }
    save_origins(
        visit.register, visit.settings, draft_id, chosen, at=visit.office.now(), actor=visit.person.name
    )
    left = _load(visit, draft_id).to_answer
    return _at(draft_id, "/origins" if left else "?done=saved")


# Areas of focus


@router.get("/framework-drafts/{draft_id}/areas/{area_id}")
def show_focus_area(request: Request, visit: Signed, draft_id: Id, area_id: str) -> Response:
    """An area of focus, with its sub-headings in their order."""
    return _render_area(request, visit, draft_id, area_id)


def _render_area(
    request: Request,
    visit: Visit,
    draft_id: int,
    area_id: str,
    typed: Mapping[str, str] | None = None,
    problem: Problem | None = None,
) -> Response:
    checked = _load(visit, draft_id)
    areas = list_entries(checked.draft.entries, "focus_areas")
    area = find_area(checked.draft.entries, area_id)
    if area is None and area_id != NEW and not problem:
        raise NotFound("This area of focus is not there any more.", remedy="Go back to the framework.")
    fields = list_area_fields(area or {})
    at: Path_ = ("focus_areas", areas.index(area)) if area is not None else ("focus_areas", len(areas))
    own = [told for told in checked.problems if len(told[0]) <= 3 or told[0][2] != "subheadings"]
    shown, problems = show_problems(fields, at, own)
    return _render_fields(
        request,
        draft_id,
        str((area or {}).get("title") or "A new area of focus"),
        fill_in(shown, typed) if typed else shown,
        mark_part(area),
        problems=[] if problem else problems,
        problem=problem,
        address=area_id if area is not None else "",
        rows=list_entries(area or {}, "subheadings"),
    )


@router.post("/framework-drafts/{draft_id}/areas/{area_id}")
def save_focus_area(
    request: Request, visit: Checked, draft_id: Id, area_id: str, fields: FormFields
) -> Response:
    """Save an area of focus."""
    _load(visit, draft_id)
    try:
        saved = save_area(
            visit.register,
            visit.settings,
            draft_id,
            "" if area_id == NEW else area_id,
            read_area_fields(fields),
            seen=fields.get("seen", ""),
            at=visit.office.now(),
            actor=visit.person.name,
        )
    except WrongUse as refused:
        return _render_area(request, visit, draft_id, area_id, fields, tell_problem(refused))
    return _at(draft_id, f"/areas/{saved}" if area_id == NEW else "?done=saved")


@router.post("/framework-drafts/{draft_id}/areas/{area_id}/move")
def move_focus_area(visit: Checked, draft_id: Id, area_id: str, step: Text = "") -> Response:
    """Move an area of focus up or down."""
    return _move(visit, draft_id, area_id, step, "#areas")


@router.post("/framework-drafts/{draft_id}/areas/{area_id}/remove")
def remove_focus_area(
    request: Request, visit: Checked, draft_id: Id, area_id: str, fields: FormFields
) -> Response:
    """Remove an area of focus with its sub-headings."""
    try:
        _remove(visit, draft_id, area_id, fields)
    except WrongUse as refused:
        return _render_area(request, visit, draft_id, area_id, None, tell_problem(refused))
    return _at(draft_id, "?done=saved")


def _move(visit: Visit, draft_id: int, address: str, step: str, page: str) -> Response:
    _load(visit, draft_id)
    move_part(
        visit.register,
        visit.settings,
        draft_id,
        address,
        -1 if step == "up" else 1,
        at=visit.office.now(),
        actor=visit.person.name,
    )
    return _at(draft_id, page)


def _remove(visit: Visit, draft_id: int, address: str, fields: Mapping[str, str]) -> None:
    _load(visit, draft_id)
    remove_part(
        visit.register,
        visit.settings,
        draft_id,
        address,
        seen=fields.get("seen", ""),
        at=visit.office.now(),
        actor=visit.person.name,
    )


# Sub-headings


@router.get("/framework-drafts/{draft_id}/areas/{area_id}/rows/{row_id}")
def show_row(request: Request, visit: Signed, draft_id: Id, area_id: str, row_id: str) -> Response:
    """A sub-heading."""
    return _render_row(request, visit, draft_id, area_id, row_id)


def _render_row(
    request: Request,
    visit: Visit,
    draft_id: int,
    area_id: str,
    row_id: str,
    typed: Mapping[str, str] | None = None,
    problem: Problem | None = None,
) -> Response:
    checked = _load(visit, draft_id)
    entries = checked.draft.entries
    areas, area = list_entries(entries, "focus_areas"), find_area(entries, area_id)
    row = find_row(entries, f"{area_id}/{row_id}")
    if (area is None or (row is None and row_id != NEW)) and not problem:
        raise NotFound("This sub-heading is not there any more.", remedy="Go back to the framework.")
    at: Path_ = ()
    if area is not None and row is not None:
        number = list_entries(area, "subheadings").index(row)
        at = ("focus_areas", areas.index(area), "subheadings", number)
    fields = list_row_fields(row or {}, areas, area_id)
    shown, problems = show_problems(fields, at, checked.problems if at else ())
    return _render_fields(
        request,
        draft_id,
        str((row or {}).get("title") or "A new sub-heading"),
        fill_in(shown, typed) if typed else shown,
        mark_part(row),
        problems=[] if problem else problems,
        problem=problem,
        address=f"{area_id}/rows/{row_id}" if row is not None else "",
    )


@router.post("/framework-drafts/{draft_id}/areas/{area_id}/rows/{row_id}")
def save_subheading(
    request: Request, visit: Checked, draft_id: Id, area_id: str, row_id: str, fields: FormFields
) -> Response:
    """Save a sub-heading, and go on: to it where something is to be corrected, to another, or to its area."""
    entries = _load(visit, draft_id).draft.entries
    address = "" if row_id == NEW else f"{area_id}/{row_id}"
    into = fields.get("into") or area_id
    try:
        saved = save_row(
            visit.register,
            visit.settings,
            draft_id,
            address,
            read_row_fields(fields, find_row(entries, address) or {}),
            into=into,
            seen=fields.get("seen", ""),
            at=visit.office.now(),
            actor=visit.person.name,
        )
    except WrongUse as refused:
        return _render_row(request, visit, draft_id, area_id, row_id, fields, tell_problem(refused))
    page = f"/areas/{into}/rows/{saved.partition('/')[2]}"
    checked = _load(visit, draft_id)
    if any(_link_to(checked, path).endswith(page) for path, _ in checked.problems):
        return _at(draft_id, page)
    return _at(draft_id, f"/areas/{into}/rows/{NEW}" if fields.get("then") == "another" else f"/areas/{into}")


@router.post("/framework-drafts/{draft_id}/areas/{area_id}/rows/{row_id}/move")
def move_subheading(visit: Checked, draft_id: Id, area_id: str, row_id: str, step: Text = "") -> Response:
    """Move a sub-heading up or down within its area of focus."""
    return _move(visit, draft_id, f"{area_id}/{row_id}", step, f"/areas/{area_id}#rows")


@router.post("/framework-drafts/{draft_id}/areas/{area_id}/rows/{row_id}/remove")
def remove_subheading(
    request: Request, visit: Checked, draft_id: Id, area_id: str, row_id: str, fields: FormFields
) -> Response:
    """Remove a sub-heading."""
    try:
        _remove(visit, draft_id, f"{area_id}/{row_id}", fields)
    except WrongUse as refused:
        return _render_row(request, visit, draft_id, area_id, row_id, None, tell_problem(refused))
    return _at(draft_id, f"/areas/{area_id}")
