"""The areas and Chairs of a cycle in preparation: their lists, one of them, and a table that is uploaded."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from dashboard.context import NotFound, Signed, Visit
from dashboard.draft_context import (
    describe_areas,
    link_to_next_part,
    link_to_remark,
    list_frameworks,
    list_now,
    load_checked,
    whose_remark,
)
from dashboard.draft_fields import label_words, show_groups
from dashboard.field_groups import Group, build_entry, list_fields
from dashboard.fields_of_a_cycle import CHAIR, area_groups
from dashboard.form_fields import FormFields, Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.numbers import Id
from dashboard.render_page import render_page
from dashboard.security import Checked
from dashboard.uploads import safe_name
from peer_challenge.cycle_file.typed_texts import Shape, write_typed_field
from peer_challenge.cycle_file.uploaded_files import read_uploaded_table
from peer_challenge.cycle_file.yaml_with_lines import MOST_BYTES, Entry, Path_
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.register.drafts import CycleDraft
from peer_challenge.steering.draft_cycle import (
    ITEMS,
    CheckedDraft,
    DraftChanged,
    DraftRemark,
    Part,
    check_draft_with,
    find_last_cycle,
    has_table,
    list_items,
    list_points_of_table,
    mark_value,
    put_table_aside,
    save_item,
    settle_points_of_table,
    take_areas_from_last_cycle,
    use_table,
)

router = APIRouter(include_in_schema=False)
_LEAST_CONTACTS = 3
"""One for each of the three partners: council, health and police."""
_TITLES = {
    Part.AREAS: ("Add an area", "Areas", "Remove this area"),
    Part.CHAIRS: ("Add a Chair", "Chairs", "Remove this Chair"),
}


def _groups_of(part: Part, entry: Mapping[str, object]) -> tuple[Group, ...]:
    if part is Part.CHAIRS:
        return CHAIR
    held = entry.get("contacts")
    return area_groups(max(_LEAST_CONTACTS, len(held) + 1 if isinstance(held, list) else 0))


def _list_problems(checked: CheckedDraft, part: Part) -> list[tuple[str, str]]:
    """The problems of a list that are not about one of its items, and how to get to those of items."""
    found = []
    for one in _list_remarks(checked, part):
        whose = whose_remark(checked.draft, one)
        is_of_item = len(one.path) > 1 and isinstance(one.path[1], int)
        at = "-".join(map(str, one.path)) if one.path == (ITEMS[part],) else "main-content"
        if one.part is not part:
            at = link_to_remark(checked.draft, one)
        elif is_of_item and isinstance(one.path[1], int):
            field = "-".join(map(str, one.path[2:]))
            at = f"/drafts/{checked.draft.id}/{part.value}/{one.path[1] + 1}?shown=problems#{field}"
        found.append((at, f"{whose}: {label_words(one.words)}" if whose else label_words(one.words)))
    return found


def _list_remarks(checked: CheckedDraft, part: Part) -> list[DraftRemark]:
    """The problems of a list, with those of its items that are corrected on the page of another part."""
    return [one for one in checked.problems if one.part is part or one.path[:1] == (ITEMS[part],)]


# The lists


@router.get("/drafts/{draft_id}/areas")
def show_areas(request: Request, visit: Signed, draft_id: Id, shown: str = "", done: str = "") -> Response:
    """The areas, and the ways to add more."""
    return _render_areas(request, visit, draft_id, shown=shown, done="Saved." if done else None)


def _render_areas(
    request: Request,
    visit: Visit,
    draft_id: int,
    *,
    shown: str = "",
    problem: Problem | None = None,
    done: str | None = None,
) -> Response:
    checked = load_checked(visit, draft_id)
    with visit.register.reading() as connection:
        last = find_last_cycle(connection)
    areas = list_items(checked.draft.entries, Part.AREAS)
    return render_page(
        request,
        "draft-areas.html",
        status=422 if problem else 200,
        title="Areas",
        draft=checked.draft,
        items=describe_areas(areas, _list_remarks(checked, Part.AREAS)),
        has_table=has_table(checked.draft),
        points=[(place, label_words(words)) for place, words in list_points_of_table(checked.draft)],
        problems=_list_problems(checked, Part.AREAS) if areas or shown else [],
        problem=problem,
        last=last,
        following=link_to_next_part(checked, Part.AREAS),
        done=done,
    )


@router.get("/drafts/{draft_id}/chairs")
def show_chairs(request: Request, visit: Signed, draft_id: Id, done: str = "") -> Response:
    """The Chairs, and a way to add one."""
    checked = load_checked(visit, draft_id)
    remarks = checked.list_problems(Part.CHAIRS)
    return render_page(
        request,
        "draft-chairs.html",
        title="Chairs",
        draft=checked.draft,
        items=[
            {
                "number": number,
                "name": chair.get("name"),
                "email": chair.get("email"),
                "available": _write_days(chair.get("available")),
                "unavailable": _write_days(chair.get("unavailable")),
                "conflicts": ", ".join(map(str, held))
                if isinstance(held := chair.get("not_for"), list)
                else "",
                "problems": sum(one.path[1:2] == (number - 1,) for one in remarks),
            }
            for number, chair in enumerate(list_items(checked.draft.entries, Part.CHAIRS), 1)
        ],
        problems=_list_problems(checked, Part.CHAIRS),
        following=link_to_next_part(checked, Part.CHAIRS),
        done="Saved." if done else None,
    )


def _write_days(held: object) -> str:
    """Days in one line of a table."""
    return write_typed_field(Shape.DAYS, held).replace("\n", ", ")


# One of them


def _render_item(
    request: Request,
    visit: Visit,
    draft_id: int,
    part: Part,
    number: int,
    *,
    shown: str = "",
    typed: Mapping[str, str] | None = None,
    problem: Problem | None = None,
) -> Response:
    checked = load_checked(visit, draft_id)
    items = list_items(checked.draft.entries, part)
    if not 0 <= number <= len(items):
        raise NotFound("This is not in the list any more.", remedy="Go back to the list.")
    entry = items[number - 1] if number else {}
    told = [one for one in checked.problems if number and one.path[:2] == (ITEMS[part], number - 1)]
    remarks = [DraftRemark(one.path[2:], one.words, part) for one in told if one.part is part]
    elsewhere = [
        (link_to_remark(checked.draft, one), label_words(one.words)) for one in told if one.part is not part
    ]
    groups = _groups_of(part, entry)
    shown_groups, problems = show_groups(groups, entry, [] if problem else remarks, typed)
    add, list_name, remove = _TITLES[part]
    return render_page(
        request,
        "draft-item.html",
        status=422 if problem else 200,
        title=str(entry.get("name") or "Without a name") if number else add,
        draft=checked.draft,
        part=part.value,
        number=number,
        list_name=list_name,
        remove=remove,
        groups=shown_groups,
        problems=[*problems, *([] if problem else elsewhere)],
        problem=problem,
        now=list_now(list_fields(groups), entry, typed) if problem and number and typed else [],
        seen=mark_value(entry) if number else "",
    )


def _save_one(
    request: Request, visit: Visit, draft_id: int, part: Part, number: int, fields: Mapping[str, str]
) -> Response:
    """Save an area or a Chair, and go on: to it where something is to be corrected, else to the list."""
    check_user_can_run_cycle(visit.person)
    seen = fields.get("seen", "")
    before = _find_seen(list_items(load_checked(visit, draft_id).draft.entries, part), seen)
    groups = area_groups(_count_contacts(fields)) if part is Part.AREAS else CHAIR
    entry = build_entry(groups, fields, before)
    if not entry:
        return _render_item(
            request,
            visit,
            draft_id,
            part,
            number,
            typed=fields,
            problem=Problem("Nothing was typed. Give a name first.", "name"),
        )
    try:
        save_item(
            visit.register,
            draft_id,
            part,
            entry,
            seen=seen,
            at=visit.office.now(),
            actor=visit.person.name,
        )
    except DraftChanged as changed:
        at = _find_same(list_items(load_checked(visit, draft_id).draft.entries, part), entry)
        problem = tell_problem(changed) if at else Problem(f"{changed} Save it to add it again.")
        return _render_item(request, visit, draft_id, part, at, typed=fields, problem=problem)
    return _go_on(visit, draft_id, part, entry, fields)


def _find_seen(items: Sequence[Entry], seen: str) -> Entry:
    return next((one for one in items if seen and mark_value(one) == seen), {})


def _find_same(items: Sequence[Entry], entry: Mapping[str, object]) -> int:
    """The number of the item with the same name or id; 0 where there is none."""
    for number, one in enumerate(items, 1):
        if any(entry.get(key) and entry.get(key) == one.get(key) for key in ("id", "name")):
            return number
    return 0


def _count_contacts(fields: Mapping[str, str]) -> int:
    """How many contacts the form had; one may have had fewer than the page has now."""
    numbers = [name.split("-")[1] for name in fields if name.startswith("contacts-")]
    return 1 + max((int(one) for one in numbers if one.isdecimal() and len(one) < 4), default=0)


def _go_on(visit: Visit, draft_id: int, part: Part, entry: Entry, fields: Mapping[str, str]) -> Response:
    base = f"/drafts/{draft_id}/{part.value}"
    checked = load_checked(visit, draft_id)
    items = list_items(checked.draft.entries, part)
    at = next((n for n, one in enumerate(items) if one == entry), None)
    if at is not None and any(one.path[:2] == (ITEMS[part], at) for one in checked.problems):
        return RedirectResponse(f"{base}/{at + 1}?shown=problems", 303)
    return RedirectResponse(f"{base}/0" if fields.get("then") == "another" else f"{base}?done=saved", 303)


def _remove_one(
    request: Request, visit: Visit, draft_id: int, part: Part, number: int, fields: Mapping[str, str]
) -> Response:
    check_user_can_run_cycle(visit.person)
    load_checked(visit, draft_id)
    try:
        save_item(
            visit.register,
            draft_id,
            part,
            None,
            seen=fields.get("seen", "") or "none",
            at=visit.office.now(),
            actor=visit.person.name,
        )
    except DraftChanged as changed:
        return _render_item(request, visit, draft_id, part, number, problem=tell_problem(changed))
    return RedirectResponse(f"/drafts/{draft_id}/{part.value}?done=saved", 303)


@router.get("/drafts/{draft_id}/areas/table")
def show_table(request: Request, visit: Signed, draft_id: Id) -> Response:
    """What was understood of the table that was uploaded last."""
    return _render_table(request, visit, draft_id)


@router.get("/drafts/{draft_id}/areas/{number}")
def show_area(request: Request, visit: Signed, draft_id: Id, number: Id, shown: str = "") -> Response:
    """One area; the number 0 is a new one."""
    return _render_item(request, visit, draft_id, Part.AREAS, number, shown=shown)


@router.get("/drafts/{draft_id}/chairs/{number}")
def show_chair(request: Request, visit: Signed, draft_id: Id, number: Id, shown: str = "") -> Response:
    """One Chair; the number 0 is a new one."""
    return _render_item(request, visit, draft_id, Part.CHAIRS, number, shown=shown)


# The table


def _render_table(request: Request, visit: Visit, draft_id: int, problem: Problem | None = None) -> Response:
    draft = load_checked(visit, draft_id).draft
    if not has_table(draft):
        raise NotFound("There is no table any more.", remedy="Go back to the areas, and upload one.")
    held = draft.uploaded
    areas = held.get("participants")
    areas = [one for one in areas if isinstance(one, dict)] if isinstance(areas, list) else []
    found = [(str(place), str(words)) for place, words in _pairs(held.get("problems"))]
    if areas:
        places: dict[tuple[object, ...], str] = {
            tuple(path): str(place) for path, place in _pairs(held.get("places")) if isinstance(path, list)
        }
        with visit.register.reading() as connection:
            entries = {**draft.entries, "participants": areas}
            checked = check_draft_with(connection, draft, entries, list_frameworks(visit))
        found += [(_find_place(places, one.path), one.words) for one in _list_remarks(checked, Part.AREAS)]
    return render_page(
        request,
        "draft-table.html",
        status=422 if problem else 200,
        title="What we understood of the table",
        draft=draft,
        areas=describe_areas(areas),
        held=len(list_items(draft.entries, Part.AREAS)),
        found=[(place, label_words(words)) for place, words in dict.fromkeys(found)],
        notes=[label_words(str(note)) for note in held.get("notes") or ()],  # type: ignore[attr-defined]
        problem=problem,
    )


def _pairs(held: object) -> list[list[object]]:
    return [one for one in held if isinstance(one, list)] if isinstance(held, list) else []


def _find_place(places: Mapping[tuple[object, ...], str], path: Path_) -> str:
    """The cell of a value, or else of what is around it."""
    for length in range(len(path), 0, -1):
        if path[:length] in places:
            return places[path[:length]]
    return "the table"


@router.post("/drafts/{draft_id}/areas/table")
def upload_table(
    request: Request,
    visit: Checked,
    draft_id: Id,
    table: Annotated[UploadFile | None, File()] = None,
    sheet: Text = "",
) -> Response:
    """Read a table of areas, and put it aside until somebody has looked at it."""
    load_checked(visit, draft_id)
    if table is None or not table.filename:
        return _render_areas(request, visit, draft_id, problem=Problem("Choose a file first.", "table"))
    uploaded = read_uploaded_table(safe_name(table.filename), table.file.read(MOST_BYTES + 1), sheet.strip())
    put_table_aside(visit.register, draft_id, uploaded, at=visit.office.now(), actor=visit.person.name)
    return RedirectResponse(f"/drafts/{draft_id}/areas/table", 303)


@router.post("/drafts/{draft_id}/areas/table/use")
def use_uploaded_table(
    request: Request, visit: Checked, draft_id: Id, version: Annotated[Id, Form()] = 0
) -> Response:
    """Take over the areas of the table that was put aside."""
    draft = load_checked(visit, draft_id).draft
    try:
        use_table(visit.register, draft_id, seen=version, at=visit.office.now(), actor=visit.person.name)
    except DraftChanged as changed:
        if not has_table(draft):  # a button pressed twice, or a colleague was first
            return RedirectResponse(f"/drafts/{draft_id}/areas", 303)
        return _render_table(request, visit, draft_id, tell_problem(changed))
    return RedirectResponse(f"/drafts/{draft_id}/areas?done=saved", 303)


@router.post("/drafts/{draft_id}/areas/table/points")
def settle_points(
    request: Request, visit: Checked, draft_id: Id, version: Annotated[Id, Form()] = 0
) -> Response:
    """Say that what was left of the table is dealt with."""
    return _act_on_areas(request, visit, draft_id, version, settle_points_of_table)


@router.post("/drafts/{draft_id}/areas/last")
def take_last_areas(
    request: Request, visit: Checked, draft_id: Id, version: Annotated[Id, Form()] = 0
) -> Response:
    """Take over the areas of the last cycle."""
    return _act_on_areas(request, visit, draft_id, version, take_areas_from_last_cycle)


def _act_on_areas(
    request: Request, visit: Visit, draft_id: int, version: int, act: Callable[..., CycleDraft]
) -> Response:
    """Do something with a draft's areas as they were shown; say on their page that it is done, or why not."""
    load_checked(visit, draft_id)
    try:
        act(visit.register, draft_id, seen=version, at=visit.office.now(), actor=visit.person.name)
    except WrongUse as refused:
        return _render_areas(request, visit, draft_id, problem=tell_problem(refused))
    return RedirectResponse(f"/drafts/{draft_id}/areas?done=saved", 303)


@router.post("/drafts/{draft_id}/areas/{number}")
def save_area(request: Request, visit: Checked, draft_id: Id, number: Id, fields: FormFields) -> Response:
    """Save one area."""
    return _save_one(request, visit, draft_id, Part.AREAS, number, fields)


@router.post("/drafts/{draft_id}/areas/{number}/remove")
def remove_area(request: Request, visit: Checked, draft_id: Id, number: Id, fields: FormFields) -> Response:
    """Remove one area."""
    return _remove_one(request, visit, draft_id, Part.AREAS, number, fields)


@router.post("/drafts/{draft_id}/chairs/{number}")
def save_chair(request: Request, visit: Checked, draft_id: Id, number: Id, fields: FormFields) -> Response:
    """Save one Chair."""
    return _save_one(request, visit, draft_id, Part.CHAIRS, number, fields)


@router.post("/drafts/{draft_id}/chairs/{number}/remove")
def remove_chair(request: Request, visit: Checked, draft_id: Id, number: Id, fields: FormFields) -> Response:
    """Remove one Chair."""
    return _remove_one(request, visit, draft_id, Part.CHAIRS, number, fields)
