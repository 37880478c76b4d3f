"""Settings of signing in and keeping, and those that are only shown: what each means and where it is set."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.confirm import confirm_visitor
from dashboard.context import Signed, Visit
from dashboard.form_fields import FormFields
from dashboard.form_problem import Problem, tell_problem
from dashboard.health import run_health_checks
from dashboard.render_page import render_page
from dashboard.security import Checked
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.operations import retention
from peer_challenge.register import listings
from peer_challenge.steering.installation_settings import (
    ACCESS_SETTINGS,
    SettingsRefused,
    change_settings,
    mark_version,
    show_settings,
    try_settings,
)

router = APIRouter(include_in_schema=False)
_LABELS = {
    "session_minutes": (
        "Minutes without use after which a session ends",
        "At least 5. People then sign in again.",
    ),
    "one_time_link_hours": ("Hours for which a link to choose a password works", "1 to 336."),
    "retention_months": (
        "Months for which a closed cycle is kept",
        "Then what areas wrote is destroyed. A cycle can have a rule of its own.",
    ),
}
_EXPLAINED: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "Addresses",
        (
            (
                "trusted_proxies",
                "Web servers in front",
                "The web servers in front of this page, if there are any.",
            ),
            ("host", "Listens on", "The address of this machine on which the page listens."),
            ("port", "Port", "And its port."),
        ),
    ),
    (
        "Folders",
        (
            (
                "home",
                "Home",
                "Where everything else lies, the register and the originals too.",
            ),
        ),
    ),
)
"""What is only shown: it is read when the service starts, and set where the machine is looked after."""


def _render_settings_page(
    request: Request,
    visit: Visit,
    *,
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
    problem: Problem | None = None,
    months: int = 0,
    would_go: tuple[str, ...] = (),
    done: str | None = None,
) -> Response:
    shown = show_settings(visit.settings)
    _, checks, _ = run_health_checks(visit.office, is_anew=False)
    return render_page(
        request,
        "settings.html",
        status=422 if problem or problems or would_go else 200,
        title="Settings",
        fields=[(name, *_LABELS[name], shown[name]) for name in ACCESS_SETTINGS],
        values={name: (typed or {}).get(name, shown[name].value) for name in ACCESS_SETTINGS},
        explained=[
            (heading, [(name, label, told, *_show_value(visit, name)) for name, label, told in rows])
            for heading, rows in _EXPLAINED
        ],
        provider=bool(request.app.state.provider),
        wrong=[check for check in checks if not check.is_well],
        seen=mark_version(visit.settings),
        problems=problems or {},
        problem=problem,
        months=months,
        would_go=would_go,
        done=done,
    )


def _show_value(visit: Visit, name: str) -> tuple[str, str]:
    """The value of a setting as people read it, and what sets it."""
    value = getattr(visit.settings, name)
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return text or "not set", visit.settings.sources.get(name, "")


@router.get("/settings")
def show(request: Request, visit: Signed, done: str = "") -> Response:
    """Each setting with what it means, its value, and what sets it."""
    check_user_can_run_cycle(visit.person)
    told = {"saved": "Saved. It is used from now on.", "unchanged": "Nothing was different."}.get(done)
    return _render_settings_page(request, visit, done=told)


def _list_what_would_go(visit: Visit, months: int) -> tuple[str, ...]:
    """What the next run would destroy with so many months, and would not with those of now."""
    if months >= visit.settings.retention_months:
        return ()
    then = visit.settings.model_copy(update={"retention_months": months})
    due = retention.list_due(visit.register, then, visit.office.now())
    already = retention.list_due(visit.register, visit.settings, visit.office.now())
    with visit.register.reading() as connection:
        names = {cycle.id: cycle.name for cycle in listings.list_unpurged_cycles(connection)}
    more = {one.cycle_id for one in due.cycles} - {one.cycle_id for one in already.cycles}
    strays = due.strays - already.strays
    told = [f"{strays} document{'s' if strays != 1 else ''} of no cycle"] if strays else []
    return (*(names[one.cycle_id] for one in due.cycles if one.cycle_id in more), *told)


@router.post("/settings")
def save(request: Request, visit: Checked, fields: FormFields) -> Response:
    """Save what was typed; what would be destroyed by it is shown first."""
    check_user_can_run_cycle(visit.person)
    typed = {name: value for name, value in fields.items() if name in ACCESS_SETTINGS}
    try:
        months = try_settings(visit.settings.home, typed).retention_months
        would_go = _list_what_would_go(visit, months)
        if would_go and fields.get("is_meant") != str(months):
            return _render_settings_page(request, visit, typed=fields, months=months, would_go=would_go)
        changed = change_settings(
            visit.register,
            visit.settings.home,
            typed,
            seen=fields.get("seen", ""),
            confirm=confirm_visitor(visit, fields.get("present", "")),
            at=visit.office.now(),
            actor=visit.person.name,
        )
    except SettingsRefused as refused:
        return _render_settings_page(request, visit, typed=fields, problems=refused.problems)
    except WrongUse as refused:
        return _render_settings_page(request, visit, typed=fields, problem=tell_problem(refused))
    return RedirectResponse(f"/settings?done={'saved' if changed else 'unchanged'}", 303)
