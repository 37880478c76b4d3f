"""Changing a cycle that is open: a form for each part of it, what would follow, and its versions."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.context import NotFound, Signed, Visit
from dashboard.form_fields import FormFields
from dashboard.form_problem import Problem, tell_problem
from dashboard.query_string import chosen_cycle, options_of
from dashboard.render_page import render_page
from dashboard.security import Checked
from peer_challenge.errors import FileWithMistakes, WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.model.cycle import Cycle, Receives
from peer_challenge.model.vocabulary import Stage
from peer_challenge.post.new_contacts import list_forms_not_got
from peer_challenge.register import challenges, cycles
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import CycleState
from peer_challenge.register.work_out import ChangedMeanwhile
from peer_challenge.steering.amend_cycle import (
    CannotAmend,
    Plan,
    amend_cycle,
    check_seen,
    list_changes_made,
    load_version,
    plan_amendment,
)
from peer_challenge.steering.cycle_forms import (
    CONTACT_TEXTS,
    PART_NAMES,
    CycleForm,
    Part,
    find_field,
    make_form,
    read_typed_cycle,
)
from peer_challenge.steering.undo_opening import can_opening_be_undone

router = APIRouter(include_in_schema=False)
_VERSIONS = "versions"
_DONE = {
    "changed": "The cycle is changed. Nobody is written to about it.",
    "told": "The cycle is changed. Those who have to be told are told when messages go next.",
    "events": "The events were moved. Everybody concerned gets a new invitation.",
    "dates": "The dates were changed. Those who know of them get a letter.",
    "dates-back": "The change of dates was taken back for all. Those who knew of it get a letter.",
}
_TOPICS = {
    Receives.FORMS: "Forms",
    Receives.REMINDERS: "Reminders",
    Receives.EVENT: "The event",
    Receives.COPIES: "Copies of everything",
}


@router.get("/cycle")
def show_cycle(request: Request, visit: Signed, cycle: str = "", done: str = "") -> Response:
    """What a cycle says now, with a way to change each part of it, and its earlier versions."""
    check_user_can_run_cycle(visit.person)
    with visit.register.reading() as connection:
        found, chosen = chosen_cycle(connection, cycle)
        loaded = cycles.load_stored(connection, chosen.id)[0] if chosen else None
        is_open = chosen is not None and chosen.state is CycleState.OPEN
        standing = challenges.list_challenges_in_cycle(connection, chosen.id) if chosen else []
        not_got = list_forms_not_got(connection, loaded) if loaded and is_open else []
        versions = list_changes_made(connection, loaded) if loaded else []
        is_undoable = loaded is not None and is_open and can_opening_be_undone(connection, loaded.id)
    return render_page(
        request,
        "cycle.html",
        title="Cycle",
        cycle=loaded,
        cycles=options_of(found),
        is_open=is_open,
        is_undoable=is_undoable,
        not_got=not_got,
        withdrawn={one.author_id for one in standing if one.stage is Stage.WITHDRAWN},
        wholes=[(part, name) for part, name in PART_NAMES.items() if part not in (Part.AREAS, Part.CHAIRS)],
        versions=versions[::-1],
        done=_DONE.get(done),
    )


@router.get("/cycle/{cycle_id}/{part}/{whose}")
def show_part(request: Request, visit: Signed, cycle_id: str, part: str, whose: str) -> Response:
    """The form for a part of a cycle; for an earlier version, what going back to it would do."""
    check_user_can_run_cycle(visit.person)
    return _show_or_change(request, visit, cycle_id, part, whose, {})


@router.post("/cycle/{cycle_id}/{part}/{whose}")
def change_part(
    request: Request, visit: Checked, cycle_id: str, part: str, whose: str, fields: FormFields
) -> Response:
    """Show what a change would do; do it once that is confirmed with a reason."""
    check_user_can_run_cycle(visit.person)
    return _show_or_change(request, visit, cycle_id, part, whose, fields)


def _show_or_change(
    request: Request, visit: Visit, cycle_id: str, part: str, whose: str, typed: Mapping[str, str]
) -> Response:
    with visit.register.reading() as connection:
        try:
            cycle, _ = cycles.load_stored(connection, cycle_id)
            form = None if part == _VERSIONS else make_form(cycle, part, whose)
        except WrongUse as unknown:
            raise NotFound(str(unknown)) from None
        seen = str(cycles.count_earlier_versions(connection, cycle_id))
        if form is not None and (not typed or typed.get("is_edited")):
            return _render_cycle_page(request, cycle, form, typed, seen)
        try:
            after = _read_after(connection, cycle, form, whose, typed)
            plan = plan_amendment(connection, after, visit.office.now())
        except FileWithMistakes as refused:
            return _render_cycle_page(
                request, cycle, form, typed, seen, problems=_place_problems(cycle, form, typed, refused)
            )
        except WrongUse as refused:
            return _render_cycle_page(request, cycle, form, typed, seen, problems=[tell_problem(refused)])
    if not plan.changes:
        problem = Problem("Nothing is different from the cycle as it is. Change something, or go back.")
        return _render_cycle_page(request, cycle, form, typed, seen, problems=[problem])
    if plan.refusals or not typed.get("is_confirmed"):
        return _render_cycle_page(request, cycle, form, typed, seen, plan=plan)
    try:
        check_seen(seen, typed.get("seen", ""))
        made = amend_cycle(
            visit.register,
            visit.settings,
            after,
            at=visit.office.now(),
            actor=visit.person.name,
            reason=typed.get("reason", ""),
            message=" ".join(typed.get("message", "").split())[:500],
        )
    except CannotAmend:
        return _show_or_change(request, visit, cycle_id, part, whose, {**typed, "is_confirmed": ""})
    except (WrongUse, ChangedMeanwhile) as refused:
        return _render_cycle_page(
            request, cycle, form, typed, seen, plan=plan, problems=[tell_problem(refused)]
        )
    return RedirectResponse(f"/cycle?cycle={cycle_id}&done={'told' if made.is_told else 'changed'}", 303)


def _place_problems(
    cycle: Cycle, form: CycleForm | None, typed: Mapping[str, str], refused: FileWithMistakes
) -> list[Problem]:
    """Every mistake in what was typed, each at its field."""
    told = zip(refused.problems, refused.paths, strict=True)
    return [Problem(words, find_field(cycle, form, typed, path) if form else "") for words, path in told]


def _read_after(
    connection: Transaction, cycle: Cycle, form: CycleForm | None, whose: str, typed: Mapping[str, str]
) -> Cycle:
    """The cycle as it would be: with what was typed, or as it was in an earlier version."""
    if form is not None:
        framework = cycles.load_whole_framework(connection, cycle.id)
        return read_typed_cycle(cycle, framework, form, typed).cycle
    return load_version(connection, cycle.id, int(whose) if whose.isdecimal() and len(whose) < 9 else 0)


def _render_cycle_page(
    request: Request,
    cycle: Cycle,
    form: CycleForm | None,
    typed: Mapping[str, str],
    seen: str,
    *,
    plan: Plan | None = None,
    problems: list[Problem] | None = None,
) -> Response:
    title = form.title if form else "Go back to an earlier version"
    return render_page(
        request,
        "cycle-part.html",
        status=422 if problems else 200,
        title=title,
        cycle=cycle,
        form=form,
        values=typed or (form.values if form else {}),
        typed={name: value for name, value in typed.items() if name not in _OF_THE_PREVIEW},
        asked={name: typed.get(name, "") for name in ("reason", "message")},
        contact_texts=CONTACT_TEXTS,
        topics=[(topic.value, name) for topic, name in _TOPICS.items()],
        plan=plan,
        seen=seen,
        problems=problems or [],
        problem=bool(problems),
        action=request.url.path,
    )


_OF_THE_PREVIEW = ("csrf_token", "reason", "message", "seen", "is_confirmed", "is_edited")
"""What a preview adds to what was typed into a form."""
