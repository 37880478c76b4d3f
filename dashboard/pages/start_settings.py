"""Settings that are read when the service starts: an organisation's sign-in, the address, the folders."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.confirm import ask_again, confirm_visitor
from dashboard.context import Signed, Visit
from dashboard.form_fields import FormFields
from dashboard.form_problem import Problem, tell_problem
from dashboard.pages.mail import Field
from dashboard.render_page import render_page
from dashboard.security import Checked
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.operations.doctor_check import Check
from peer_challenge.operations.try_start_settings import try_start_settings
from peer_challenge.settings import load_settings
from peer_challenge.steering.installation_settings import (
    START_SETTINGS,
    SettingsRefused,
    change_settings,
    mark_version,
    show_settings,
    try_settings,
)

router = APIRouter(include_in_schema=False)
_GROUPS: tuple[tuple[str, str, str, tuple[Field, ...]], ...] = (
    (
        "sign-in",
        "Signing in with an organisation’s account",
        "People then sign in as they do to their email, as well as by password. You still add each person "
        "under People. Your IT people register this program with the service, and give you what to type.",
        (
            Field(
                "oidc_issuer",
                "Address of the sign-in service",
                "What it calls its issuer (OpenID Connect). Leave it empty for passwords only.",
            ),
            Field("oidc_client_id", "Client ID", "What this program is called there."),
            Field("oidc_client_secret", "Client secret", "If the service gives one."),
            Field(
                "oidc_trusts_email",
                "Does an address count that the service does not call verified?",
                "Only yes if the service is your own organisation’s alone, as with Microsoft Entra ID.",
                (("false", "No"), ("true", "Yes")),
            ),
        ),
    ),
    (
        "address",
        "Address",
        "",
        (
            Field(
                "public_url",
                "Public address",
                "What people type to get here, such as https://challenge.example.org. Links in emails begin "
                "with it. Leave it empty if you use this page on this machine only.",
            ),
        ),
    ),
    (
        "folders",
        "Folders",
        "Whole paths on the machine that runs this page. Leave one empty for the usual folder.",
        (
            Field("inbox", "Inbox", "Where documents arrive."),
            Field("outbox", "Outbox", "Where documents for areas and Chairs are put."),
            Field("rejected", "Rejected documents", "Where documents go that could not be taken in."),
        ),
    ),
)


def _render_start_page(
    request: Request,
    visit: Visit,
    *,
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
    problem: Problem | None = None,
    checks: Sequence[Check] = (),
    asks: bool = False,
    done: str | None = None,
) -> Response:
    saved = load_settings(visit.settings.home)
    shown = show_settings(saved, START_SETTINGS)
    in_force = show_settings(visit.settings, START_SETTINGS)
    return render_page(
        request,
        "start-settings.html",
        status=422 if problem or problems or asks else 200,
        title="Sign-in service, address and folders",
        groups=_GROUPS,
        used={
            "public_url": visit.settings.dashboard_url,
            "inbox": visit.settings.inbox_folder,
            "outbox": visit.settings.outbox_folder,
            "rejected": visit.settings.rejected_folder,
        },
        shown=shown,
        values={name: (typed or {}).get(name, one.value) for name, one in shown.items() if not one.is_secret},
        labels={field.name: field.label for *_, fields in _GROUPS for field in fields},
        waits=[name for name in START_SETTINGS if shown[name] != in_force[name] and not shown[name].fixed_by],
        seen=mark_version(saved, START_SETTINGS),
        asked=ask_again(request, visit, "/settings/start"),
        problems=problems or {},
        problem=problem,
        checks=checks,
        asks=asks,
        done=done,
    )


@router.get("/settings/start")
def show_start_settings(request: Request, visit: Signed, done: str = "") -> Response:
    """The form, and which saved settings wait for the service to start again."""
    check_user_can_run_cycle(visit.person)
    told = {"saved": "Saved.", "unchanged": "Nothing was different."}.get(done)
    return _render_start_page(request, visit, done=told)


@router.post("/settings/start")
def try_or_save(request: Request, visit: Checked, fields: FormFields) -> Response:
    """Try what was typed, and say what was seen; save it where all is well, or where that is meant."""
    check_user_can_run_cycle(visit.person)
    home = visit.settings.home
    typed = {name: value for name, value in fields.items() if name in START_SETTINGS}
    forgotten = [name for name in START_SETTINGS if fields.get(f"forget_{name}")]
    try:
        tried = try_settings(home, typed, forgotten, START_SETTINGS)
        checks = try_start_settings(visit.settings, tried, visit.office.now())
        is_wrong = any(not one.is_well for one in checks)
        if "save" not in fields or (is_wrong and not fields.get("is_meant")):
            asks = "save" in fields
            return _render_start_page(request, visit, typed=typed, checks=checks, asks=asks)
        changed = change_settings(
            visit.register,
            home,
            typed,
            seen=fields.get("seen", ""),
            forgotten=forgotten,
            names=START_SETTINGS,
            confirm=confirm_visitor(visit, fields.get("present", "")),
            at=visit.office.now(),
            actor=visit.person.name,
        )
    except SettingsRefused as refused:
        return _render_start_page(request, visit, typed=typed, problems=refused.problems)
    except WrongUse as refused:
        return _render_start_page(request, visit, typed=typed, problem=tell_problem(refused))
    return RedirectResponse(f"/settings/start?done={'saved' if changed else 'unchanged'}", 303)
