"""The parts of a cycle in preparation that are one form each: framework, name and dates, rules, sending."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.context import Signed, Visit
from dashboard.draft_context import (
    PART_NAMES,
    link_to_next_part,
    list_now,
    load_checked,
)
from dashboard.draft_fields import label_words, show_groups
from dashboard.field_groups import Field, Group, list_fields, read_fields
from dashboard.fields_of_a_cycle import NAME_AND_DATES, PARTNERS, RULES, SENDING
from dashboard.form_fields import FormFields
from dashboard.form_problem import Problem, tell_problem
from dashboard.numbers import Id
from dashboard.render_page import render_page
from dashboard.security import Checked
from dashboard.timeline import timeline_of
from peer_challenge.cycle_file.load_framework import CURRENT, tell_what_to_compare
from peer_challenge.cycle_file.yaml_with_lines import Path_
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.model.cycle import Receives
from peer_challenge.model.messages import Delivery
from peer_challenge.steering.draft_cycle import (
    CheckedDraft,
    DraftChanged,
    Part,
    change_values,
    has_begun,
    mark_values,
)
from peer_challenge.steering.draft_details import list_contacts, plan_dates
from peer_challenge.steering.own_frameworks import list_frameworks_to_choose

router = APIRouter(include_in_schema=False)
_FRAMEWORK = (
    Field(("framework",), "Framework"),
    Field(("omit",), "Areas of focus that are left out"),
)
WAYS = {
    Delivery.FOLDER: "Documents go into folders that are shared with their recipients. No email is sent.",
    Delivery.DRAFTS: "Messages are made as drafts. You send each from your own mail program.",
    Delivery.SEND: "Messages are sent by email, by the mail server that is set.",
}
"""How messages leave, as a sentence."""
TOPICS = (
    (Receives.FORMS, "Forms"),
    (Receives.REMINDERS, "Reminders"),
    (Receives.EVENT, "Event"),
    (Receives.COPIES, "Copies"),
)
_DONE = {"saved": "Saved.", "mail": "How messages leave is saved. Go on here."}
_INTRO = {
    Part.RULES: "These are the usual rules. Change only what is different in your region.",
    Part.PARTNERS: "We propose partners by these rules. You see the proposal, and can change it first.",
}


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was not saved: what was typed, and why."""

    typed: Mapping[str, str]
    problem: Problem


def _watched(groups: Sequence[Group]) -> list[Path_]:
    return [one.path for one in list_fields(groups)]


def _shows_problems(checked: CheckedDraft, part: Part, shown: str) -> bool:
    """Whether the page says what is wrong: not before somebody has typed something, or asks."""
    return bool(shown) or has_begun(checked.draft.entries, part)


def _render_form(
    request: Request,
    visit: Visit,
    draft_id: int,
    part: Part,
    groups: Sequence[Group],
    *,
    shown: str = "",
    refused: Refused | None = None,
    **more: object,
) -> Response:
    checked = load_checked(visit, draft_id)
    entries, typed = checked.draft.entries, refused.typed if refused else None
    remarks = checked.list_problems(part) if _shows_problems(checked, part, shown) and not refused else []
    groups_shown, problems = show_groups(groups, entries, remarks, typed)
    planned = plan_dates(checked) if part is Part.DATES and not refused else []
    return render_page(
        request,
        "draft-sending.html" if part is Part.SENDING else "draft-part.html",
        status=422 if refused else 200,
        title=PART_NAMES[part][0],
        intro=_INTRO.get(part, ""),
        draft=checked.draft,
        groups=groups_shown,
        problems=problems,
        problem=refused.problem if refused else None,
        now=list_now(list_fields(groups), entries, refused.typed) if refused else [],
        seen=mark_values(entries, more.pop("watched", None) or _watched(groups)),  # type: ignore[arg-type]
        planned=planned,
        has_plan=part is Part.DATES,
        timeline=timeline_of(
            [("plan", "", {one.name.value: one.due_on for one in planned})],
            [("plan", one.name.value) for one in planned],
            (),
            planned[0].due_on if planned else visit.office.today(),  # a plan has nothing overdue
        ),
        **more,
    )


def _save_form(
    request: Request,
    visit: Visit,
    draft_id: int,
    part: Part,
    groups: Sequence[Group],
    fields: Mapping[str, str],
    *,
    changes: Mapping[Path_, object] | None = None,
    watched: Sequence[Path_] | None = None,
) -> Response:
    check_user_can_run_cycle(visit.person)
    load_checked(visit, draft_id)
    try:
        change_values(
            visit.register,
            draft_id,
            part,
            {**read_fields(groups, fields), **(changes or {})},
            watched=watched or _watched(groups),
            seen=fields.get("seen", ""),
            at=visit.office.now(),
            actor=visit.person.name,
        )
    except DraftChanged as changed:
        return _show_refused(request, visit, draft_id, part, fields, changed)
    return _go_on(visit, draft_id, part, fields.get("then", ""))


def _show_refused(
    request: Request,
    visit: Visit,
    draft_id: int,
    part: Part,
    fields: Mapping[str, str],
    changed: WrongUse,
) -> Response:
    refused = Refused(fields, tell_problem(changed))
    if part is Part.FRAMEWORK:
        return _render_framework(request, visit, draft_id, refused=refused)
    if part is Part.SENDING:
        return _render_sending(request, visit, draft_id, refused=refused)
    return _render_form(request, visit, draft_id, part, _GROUPS[part], refused=refused)


def _go_on(visit: Visit, draft_id: int, part: Part, then: str) -> Response:
    """After saving: the same page where something is to be corrected, else the next part that is not done.

    `then` is what the button asked for: "mail" is the page on which messages are made to leave in another
    way, "stay" the same page, which shows what follows from the dates.
    """
    checked = load_checked(visit, draft_id)
    if then == "mail":
        return RedirectResponse(f"/mail?draft={draft_id}", 303)
    if checked.list_problems(part):
        return RedirectResponse(f"/drafts/{draft_id}/{part.value}?shown=problems", 303)
    if then == "stay":
        return RedirectResponse(f"/drafts/{draft_id}/{part.value}?done=saved#planned", 303)
    return RedirectResponse(f"{link_to_next_part(checked, part)[0]}?done=saved", 303)


_GROUPS = {Part.DATES: NAME_AND_DATES, Part.RULES: RULES, Part.PARTNERS: PARTNERS, Part.SENDING: SENDING}


@router.get("/drafts/{draft_id}/dates")
def show_dates(request: Request, visit: Signed, draft_id: Id, shown: str = "", done: str = "") -> Response:
    """The name and the dates of a cycle, and what follows from them."""
    return _render_form(
        request, visit, draft_id, Part.DATES, NAME_AND_DATES, shown=shown, done=_DONE.get(done)
    )


@router.post("/drafts/{draft_id}/dates")
def save_dates(request: Request, visit: Checked, draft_id: Id, fields: FormFields) -> Response:
    """Save the name and the dates."""
    return _save_form(request, visit, draft_id, Part.DATES, NAME_AND_DATES, fields)


@router.get("/drafts/{draft_id}/rules")
def show_rules(request: Request, visit: Signed, draft_id: Id, shown: str = "", done: str = "") -> Response:
    """The rules for days, reminders and documents."""
    return _render_form(request, visit, draft_id, Part.RULES, RULES, shown=shown, done=_DONE.get(done))


@router.post("/drafts/{draft_id}/rules")
def save_rules(request: Request, visit: Checked, draft_id: Id, fields: FormFields) -> Response:
    """Save the rules."""
    return _save_form(request, visit, draft_id, Part.RULES, RULES, fields)


@router.get("/drafts/{draft_id}/partners")
def show_partner_rules(
    request: Request, visit: Signed, draft_id: Id, shown: str = "", done: str = ""
) -> Response:
    """Who may challenge whom."""
    return _render_form(request, visit, draft_id, Part.PARTNERS, PARTNERS, shown=shown, done=_DONE.get(done))


@router.post("/drafts/{draft_id}/partners")
def save_partner_rules(request: Request, visit: Checked, draft_id: Id, fields: FormFields) -> Response:
    """Save who may challenge whom."""
    return _save_form(request, visit, draft_id, Part.PARTNERS, PARTNERS, fields)


# The framework


@router.get("/drafts/{draft_id}/framework")
def show_framework(
    request: Request, visit: Signed, draft_id: Id, shown: str = "", done: str = ""
) -> Response:
    """The frameworks to choose from, each with what is in it."""
    return _render_framework(request, visit, draft_id, shown=shown, done=_DONE.get(done))


def _render_framework(
    request: Request,
    visit: Visit,
    draft_id: int,
    *,
    shown: str = "",
    refused: Refused | None = None,
    done: str | None = None,
) -> Response:
    checked = load_checked(visit, draft_id)
    entries = checked.draft.entries
    chosen, left_out = entries.get("framework", CURRENT), entries.get("omit")
    if refused:
        chosen = refused.typed.get("framework", "")
        left_out = _read_omitted(refused.typed)
    with visit.register.reading() as connection:
        listed = list_frameworks_to_choose(connection, visit.settings)
    remarks = checked.list_problems(Part.FRAMEWORK) if _shows_problems(checked, Part.FRAMEWORK, shown) else []
    return render_page(
        request,
        "draft-framework.html",
        status=422 if refused else 200,
        title="Which framework do areas assess themselves against?",
        draft=checked.draft,
        frameworks=[one.framework for one in listed if not one.followed_by or one.framework.id == chosen],
        chosen=chosen,
        to_compare=tell_what_to_compare,
        left_out=left_out if isinstance(left_out, list) else [],
        problems=[("framework", label_words(one.words)) for one in remarks] if not refused else [],
        problem=refused.problem if refused else None,
        now=list_now(_FRAMEWORK, entries, refused.typed) if refused else [],
        seen=mark_values(entries, [one.path for one in _FRAMEWORK]),
        done=done,
    )


def _read_omitted(fields: Mapping[str, str]) -> list[str]:
    """The areas of focus that are left out of the framework that was chosen."""
    before = f"omit-{fields.get('framework', '')}-"
    return [name.removeprefix(before) for name in fields if name.startswith(before)]


@router.post("/drafts/{draft_id}/framework")
def save_framework(request: Request, visit: Checked, draft_id: Id, fields: FormFields) -> Response:
    """Save the framework, and what is left out of it."""
    changes: dict[Path_, object] = {
        ("framework",): fields.get("framework") or None,
        ("omit",): _read_omitted(fields) or None,
    }
    watched = [one.path for one in _FRAMEWORK]
    return _save_form(request, visit, draft_id, Part.FRAMEWORK, (), fields, changes=changes, watched=watched)


# Who gets what


@router.get("/drafts/{draft_id}/sending")
def show_sending(request: Request, visit: Signed, draft_id: Id, shown: str = "", done: str = "") -> Response:
    """The office's own address, how things are sent, and which contact gets what."""
    return _render_sending(request, visit, draft_id, shown=shown, done=_DONE.get(done))


def _render_sending(
    request: Request,
    visit: Visit,
    draft_id: int,
    *,
    shown: str = "",
    refused: Refused | None = None,
    done: str | None = None,
) -> Response:
    draft = load_checked(visit, draft_id).draft
    contacts = []
    for one in list_contacts(draft.entries):
        name = "-".join(map(str, one.path))
        ticks = [topic.value for topic in Receives if _is_ticked(name, topic, one.receives, refused)]
        contacts.append({"id": name, "area": one.area, "name": one.name, "email": one.email, "ticks": ticks})
    return _render_form(
        request,
        visit,
        draft_id,
        Part.SENDING,
        SENDING,
        shown=shown,
        refused=refused,
        contacts=contacts,
        topics=[(topic.value, name) for topic, name in TOPICS],
        way=WAYS[visit.settings.way_to_deliver],
        watched=_WATCHED_IN_SENDING,
        done=done,
    )


def _is_ticked(name: str, topic: Receives, now: Sequence[Receives], refused: Refused | None) -> bool:
    """Whether a box is ticked: as it was sent, where that was not saved."""
    return f"{name}-{topic.value}" in refused.typed if refused else topic in now


_WATCHED_IN_SENDING: list[Path_] = [*_watched(SENDING), ("participants",)]


@router.post("/drafts/{draft_id}/sending")
def save_sending(request: Request, visit: Checked, draft_id: Id, fields: FormFields) -> Response:
    """Save the office's address and what each contact receives, where that is not the usual."""
    checked = load_checked(visit, draft_id)
    wrong = {one.path[:4] for one in checked.problems if "receives" in one.path}
    changes: dict[Path_, object] = {}
    for one in list_contacts(checked.draft.entries):
        name = "-".join(map(str, one.path))
        wanted = [topic.value for topic in Receives if f"{name}-{topic.value}" in fields]
        if one.path in wrong:  # what is shown is the usual then, and was looked at
            changes[*one.path, "receives"] = wanted if one.email else None
        elif one.email and wanted != [topic.value for topic in Receives if topic in one.receives]:
            changes[*one.path, "receives"] = wanted
    return _save_form(
        request,
        visit,
        draft_id,
        Part.SENDING,
        SENDING,
        fields,
        changes=changes,
        watched=_WATCHED_IN_SENDING,
    )
