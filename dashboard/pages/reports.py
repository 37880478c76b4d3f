"""Reports: the region as it is now, to download or to send, and everything that the installation holds."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.attachment import attach_file, attach_large_file, zip_files
from dashboard.context import NotFound, Signed, Visit
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.query_string import chosen_cycle, options_of
from dashboard.render_page import render_page
from dashboard.security import Checked
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.sentences import join_in_words, say_how_many
from peer_challenge.model.vocabulary import DispatchKind
from peer_challenge.operations.export import note_export, pack_export
from peer_challenge.outbox.report_on_demand import REPORTS, make_regional_files, note_report
from peer_challenge.post.say_what_goes_out import say_what_goes_out
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Transaction
from peer_challenge.steering import give_overview

router = APIRouter(include_in_schema=False)
_FILES = {
    "overview.docx": DispatchKind.REGIONAL_OVERVIEW,
    "without-names.docx": DispatchKind.REGIONAL_OVERVIEW_ANONYMISED,
    "tables.xlsx": DispatchKind.REGIONAL_TABLES,
}
_EVERYTHING = "everything.zip"
_DONE = {
    "office": "It is being made. It is in the office’s folder and under To send within a minute or two.",
    "areas": "It is being made. It is under To send within a minute or two.",
}


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to send the overview, as its page says it."""

    title: str
    lead: str
    button: str
    is_warning: bool = False


_WAYS = {
    "office": _Way(
        "Send the overview to the office",
        "The overview, the overview without names and the tables are made from what is in now, and sent to "
        "the programme office.",
        "Make and send",
    ),
    "areas": _Way(
        "Give the overview to the areas",
        "The areas get the overview without names. It has counts of areas, and nobody’s words. Small numbers "
        "are left out, so that no area can work out what another rated. Please read it before you send it.",
        "Make and send to the areas",
    ),
}
_SEND: dict[str, Callable[..., object]] = {
    "office": give_overview.send_report_to_office,
    "areas": give_overview.send_overview_to_areas,
}


@router.get("/reports")
def show_reports(request: Request, visit: Signed, cycle: str = "", done: str = "") -> Response:
    """What can be downloaded and sent about a cycle, and the way out with everything."""
    check_user_can_run_cycle(visit.person)
    with visit.register.reading() as connection:
        cycles, chosen = chosen_cycle(connection, cycle)
        loaded = load_stored(connection, chosen.id)[0] if chosen else None
        count = give_overview.count_self_assessments(connection, loaded) if loaded else 0
    return render_page(
        request,
        "reports.html",
        title="Reports",
        cycle=chosen,
        cycles=options_of(cycles),
        count=count,
        done=_DONE.get(done),
    )


def _find_cycle(visit: Visit, connection: Transaction, cycle_id: str) -> Cycle:
    check_user_can_run_cycle(visit.person)
    _, chosen = chosen_cycle(connection, cycle_id)
    if chosen is None:
        raise NotFound("There is no such cycle.")
    return load_stored(connection, chosen.id)[0]


@router.get("/reports/{cycle_id}/files/{name}")
def download_report(visit: Signed, cycle_id: str, name: str) -> Response:
    """One file about the region as it is now, or all of them as a ZIP file."""
    with visit.register.reading() as connection:
        cycle = _find_cycle(visit, connection, cycle_id)
    if name not in (*_FILES, _EVERYTHING):
        raise NotFound("There is no such report.")
    is_all = name == _EVERYTHING
    kinds = REPORTS if is_all else (_FILES[name],)
    at = visit.office.now()
    files = make_regional_files(visit.register, visit.settings, cycle.id, kinds, at, with_csv=is_all)
    note_report(visit.register, cycle.id, len(files), at, actor=visit.person.name)
    if is_all:
        return attach_file(zip_files(files.items()), f"{cycle.id}-{name}")
    written, data = next(iter(files.items()))
    return attach_file(data, written)


def _describe_sending(visit: Visit, connection: Transaction, cycle: Cycle, way: str) -> list[str]:
    """What follows from sending the overview in one of the ways."""
    leaves = say_what_goes_out(visit.settings, "It")
    if way == "office":
        email = cycle.office.email
        return [f"It goes to {cycle.office.name}{f' ({email})' if email else ''}.", leaves]
    receivers = give_overview.list_receivers(connection, cycle)
    names = [one.recipients.name for one in receivers]
    told = [f"It goes to {say_how_many(len(names), 'area')}: {join_in_words(names)}.", leaves]
    if without := give_overview.name_without_address(receivers):
        told.append(f"Nobody with an email address receives forms at {join_in_words(without)}.")
    return told


def _render_sending_page(
    request: Request,
    visit: Visit,
    cycle_id: str,
    way: str,
    problem: Problem | None = None,
    reason: str = "",
) -> Response:
    check_user_can_run_cycle(visit.person)
    with visit.register.trying_out() as connection:
        cycle = _find_cycle(visit, connection, cycle_id)
        told = _describe_sending(visit, connection, cycle, way)
        try:
            _SEND[way](connection, cycle, reason="preview", at=visit.office.now(), actor="")
        except WrongUse as refused:
            problem = problem or tell_problem(refused)
    return render_page(
        request,
        "decide.html",
        status=422 if problem else 200,
        title=_WAYS[way].title,
        back=(f"/reports?cycle={cycle.id}", "Reports"),
        action=f"/reports/{cycle.id}/{way}",
        way=_WAYS[way],
        look_first=f"/reports/{cycle.id}/files/without-names.docx" if way == "areas" else "",
        told=told,
        reason=reason,
        problem=problem,
    )


def _send(request: Request, visit: Visit, cycle_id: str, way: str, reason: str) -> Response:
    check_user_can_run_cycle(visit.person)
    try:
        with visit.register.writing() as connection:
            cycle = _find_cycle(visit, connection, cycle_id)
            _SEND[way](connection, cycle, reason=reason, at=visit.office.now(), actor=visit.person.name)
    except WrongUse as refused:
        return _render_sending_page(request, visit, cycle_id, way, tell_problem(refused), reason)
    return RedirectResponse(f"/reports?cycle={cycle_id}&done={way}", 303)


@router.get("/reports/{cycle_id}/office")
def show_send_to_office(request: Request, visit: Signed, cycle_id: str) -> Response:
    """What follows from sending the overview to the office, and the form for it."""
    return _render_sending_page(request, visit, cycle_id, "office")


@router.post("/reports/{cycle_id}/office")
def send_to_office(request: Request, visit: Checked, cycle_id: str, reason: Text = "") -> Response:
    """Make the overview and the tables, and send them to the office."""
    return _send(request, visit, cycle_id, "office", reason)


@router.get("/reports/{cycle_id}/areas")
def show_give_to_areas(request: Request, visit: Signed, cycle_id: str) -> Response:
    """To whom the overview without names would go, and the form for it."""
    return _render_sending_page(request, visit, cycle_id, "areas")


@router.post("/reports/{cycle_id}/areas")
def give_to_areas(request: Request, visit: Checked, cycle_id: str, reason: Text = "") -> Response:
    """Make the overview without names, and send it to every area."""
    return _send(request, visit, cycle_id, "areas", reason)


@router.post("/reports/export")
def export(visit: Checked) -> Response:
    """Everything that the installation holds, as one ZIP file: tables, and every original."""
    check_user_can_run_cycle(visit.person)
    at = visit.office.now()

    def write(path: Path) -> None:
        count = pack_export(visit.register, visit.settings, path)
        note_export(visit.register, count, at, actor=visit.person.name)

    return attach_large_file(write, f"peer-challenge-{visit.office.today().isoformat()}.zip")
