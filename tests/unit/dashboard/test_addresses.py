"""A page is found in one guess: its module is called by the first part of its address."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

from fastapi.routing import APIRoute

from dashboard import pages

EXCEPTIONS = {
    ("board", "/"): "the start page has no name in its address",
    ("challenge", "/challenges"): "one of many: its address has the plural, as those of its parts have",
    ("challenge_changes", "/challenges"): "what the office changes of a challenge: event, withdrawal",
    ("challenge_dates", "/challenges"): "the dates of a challenge: extended, paused, taken back",
    ("challenge_notes", "/challenges"): "the notes of the office on a challenge",
    ("challenge_state", "/challenges"): "what ends a challenge, or takes it up again, by decision",
    ("draft_opening", "/cycles"): "an opening is taken back beside where it was made",
    ("challenge_state", "/cycles"): "a cycle is closed by decision as its challenges are",
    ("challenge_people", "/challenges"): "who comes to the event of a challenge, and who came",
    ("cycle_timetable", "/cycle"): "the timetable of a cycle: proposed, changed, agreed",
    ("cycle_dates", "/cycle"): "the dates of all areas at once, of what /cycle changes",
    ("corrections", "/challenges"): "what the two areas correct in the summary of a challenge",
    ("cycle_figures", "/cycle"): "the region's figures, of what /cycle shows",
    ("cycle_events", "/cycle"): "several events at once, of what /cycle changes",
    ("draft_areas", "/drafts"): "the areas of a cycle in preparation",
    ("draft_opening", "/drafts"): "the check, the previews and the opening of a cycle in preparation",
    ("draft_parts", "/drafts"): "the other parts of a cycle in preparation, a page each",
    ("follow_up", "/challenges"): "the progress reports of a challenge, and what is said of them",
    ("message", "/messages"): "one of many: its address has the plural",
    ("people_invite", "/people"): "several people at once, of what /people does one by one",
    ("start_settings", "/settings"): "what holds from the next start: sign-in service, address, folders",
    ("versions", "/challenges"): "the last part of its address: two versions of one document",
    ("downloads_and_uploads", "/submissions"): "a document that came in, out to whoever may have it",
    ("downloads_and_uploads", "/dispatches"): "a document that went out, to whoever may have it",
    ("downloads_and_uploads", "/uploads"): "the way in, beside the ways out: one module for files",
    ("sign_in", "/first-sign-in"): "where a one-time link leads",
    ("sign_in", "/sign-out"): "the end of what /sign-in begins",
    ("sign_in", "/password"): "changed by whoever has signed in",
    ("health", "/metrics"): "the address that Prometheus asks by custom; for machines, as /health is",
}
"""By module and first part of an address, why it stands where it does."""


def _addresses() -> Iterator[tuple[str, str]]:
    """Every module of a page with the first part of each of its addresses."""
    for found in pkgutil.iter_modules(pages.__path__):
        router = import_module(f"{pages.__name__}.{found.name}").router
        for route in router.routes:
            assert isinstance(route, APIRoute)
            yield found.name, "/" + route.path.split("/")[1]


def _name_of(first_part: str) -> str:
    """The module that an address should lead to: "/sign-in" to sign_in, "/calendar.ics" to calendar."""
    return first_part.strip("/").partition(".")[0].replace("-", "_")


def test_a_pages_module_is_called_by_its_address() -> None:
    elsewhere = {(module, first) for module, first in _addresses() if _name_of(first) != module}
    assert elsewhere == set(EXCEPTIONS)


def test_every_page_is_served() -> None:
    served = {id(router) for router in pages.ROUTERS}
    modules = [
        import_module(f"{pages.__name__}.{found.name}") for found in pkgutil.iter_modules(pages.__path__)
    ]
    assert served == {id(module.router) for module in modules}
