"""Turning what a page knows into HTML: one Jinja environment, one function."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader
from markupsafe import Markup, escape

from dashboard.context import office_of, visitor_of
from dashboard.form_problem import list_problems, without_missing_fields, words_by_field
from dashboard.house_sheet import find_page_style
from dashboard.page_help import HELP
from peer_challenge.clock import LONDON
from peer_challenge.evidence.refusal_words import REFUSALS, Refusal
from peer_challenge.model import access
from peer_challenge.model.access import Person
from peer_challenge.model.days_in_words import day_in_words, short_weekday, time_of_day
from peer_challenge.model.sentences import capitalise_first_letter, name_in_plain_words, say_how_many
from peer_challenge.model.vocabulary import DEADLINE_NAMES, OUTCOME_NAMES
from peer_challenge.paths import TEMPLATES

PAGES = TEMPLATES / "web"


def _format_long_day(value: date | datetime | None) -> str:
    """6 March 2027; empty when there is none."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(LONDON)
    return day_in_words(value)


def _format_short_day(value: date | None) -> str:
    """Fri 6 Mar 2027."""
    return short_weekday(value) if value else ""


def _format_iso_day(value: str | None) -> str:
    """Fri 6 Mar 2027, from a day as JSON has it (2027-03-06); empty when there is none."""
    return _format_short_day(date.fromisoformat(value)) if value else ""


def _format_moment(value: datetime | None) -> str:
    """6 March 2027, 14:05, in London."""
    if value is None:
        return ""
    return f"{_format_long_day(value)}, {time_of_day(value)}"


def _format_time_of_day(value: datetime | None) -> str:
    """14:05, in London."""
    return time_of_day(value) if value else ""


def _format_file_size(value: int) -> str:
    """1.4 GB, 12 MB, 3 kB."""
    for unit, most in (("GB", 1_000_000_000), ("MB", 1_000_000)):
        if value >= most:
            return f"{value / most:.1f} {unit}"
    return f"{value / 1000:.0f} kB"


def _mark_up_code(value: str) -> Markup:
    """A sentence with what is typed, written `so`, as code."""
    parts = value.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part)
        for number, part in enumerate(parts)
    )


def _name_deadline(value: str | None) -> str:
    """What a deadline is called, by its id; any other id as plain words."""
    return DEADLINE_NAMES.get(value or "", _write_as_words(value))


def _write_as_words(value: str | None) -> str:
    """An id or code as words: "query_letter" is "Query letter"."""
    return capitalise_first_letter(name_in_plain_words(value or ""))


def _list_navigation(person: Person) -> list[tuple[str, str]]:
    """The pages that somebody may go to: path and name."""
    pages = (
        ("/", "Board", access.user_can_see_board(person)),
        ("/mine", "Your challenges", not access.user_can_see_board(person)),
        ("/messages", "To send", access.user_can_run_cycle(person)),
        ("/inbox", "Inbox", access.user_can_run_cycle(person)),
        ("/cycle", "Cycle", access.user_can_run_cycle(person)),
        ("/partners", "Partners", access.user_can_run_cycle(person)),
        ("/calendar", "Calendar", access.user_can_see_board(person)),
        ("/picture", "Picture", access.user_can_run_cycle(person)),
        ("/reports", "Reports", access.user_can_run_cycle(person)),
        ("/journal", "Journal", access.user_can_run_cycle(person)),
        ("/people", "People", access.user_can_run_cycle(person)),
        ("/system", "System", access.user_can_run_cycle(person)),
    )
    return [(path, name) for path, name, is_shown in pages if is_shown]


@lru_cache(maxsize=1)
def get_page_environment() -> Environment:
    """The Jinja environment of every page: everything is escaped."""
    made = Environment(
        loader=ChoiceLoader(
            [
                FileSystemLoader(PAGES),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        day=_format_long_day,
        short_day=_format_short_day,
        iso_day=_format_iso_day,
        moment=_format_moment,
        clock=_format_time_of_day,
        words=_write_as_words,
        how_many=say_how_many,
        due=_name_deadline,
        size=_format_file_size,
        code=_mark_up_code,
        outcome=OUTCOME_NAMES.__getitem__,
        refusal=_explain_refusal,
    )
    return made


def _explain_refusal(refusal: str) -> str:
    """Why a file is not passed on."""
    return REFUSALS[Refusal(refusal)].message


def _find_route_path(request: Request) -> str:
    """The address of a page as its route is written: "/challenges/{cycle_id}/{author_id}"."""
    return str(getattr(request.scope.get("route"), "path", request.url.path))


def render_page(
    request: Request, template: str, *, status: int = 200, title: str, **context: object
) -> HTMLResponse:
    """A page made from `template` (a file of templates/web), for the visitor of the request."""
    visit = visitor_of(request)
    shared: Mapping[str, object] = {
        "title": title,
        "path": request.url.path,
        "person": visit.person if visit else None,
        "navigation": _list_navigation(visit.person) if visit else [],
        "help": HELP.get(_find_route_path(request), ()) if visit and visit.person.is_office else (),
        "csrf_token": visit.csrf_token if visit else "",
        "can": access,
        "house": find_page_style(office_of(request)),
    }
    page = _render_template({**shared, **context}, template)
    if placed := without_missing_fields(context, page):
        page = _render_template({**shared, **placed}, template)
    return HTMLResponse(page, status)


def _render_template(context: Mapping[str, object], template: str) -> str:
    """The page's HTML; `told_beside` is what each field has beside it, by its id."""
    told_beside = words_by_field(list_problems(context))
    return get_page_environment().get_template(template).render(told_beside=told_beside, **context)
