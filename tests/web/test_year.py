"""An office's year in a browser: from an empty folder to the second cycle, opened from the first.

The service runs as systemd runs it, its page and its watcher, and only its clock is moved from month to
month. No command is typed and no file is edited by hand. Every click is counted by what it is for.

Beside what each year has, it has what most years have not: a rehearsal, an invitation by email, forms that
come in another way, a Chair who falls ill, events that change places, a corrected draft, a challenge that is
closed, a legal hold and its end, another machine, and a cycle that is destroyed once its time is over.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from peer_challenge.model.journey import OPENING
from peer_challenge.model.vocabulary import Kind
from tests.mail.smtp_server import MailServer, run_mail_server
from tests.waiting import LONG, wait_until
from tests.web import year_end, year_middle, year_opening
from tests.web.clicks import ClicksOfAYear
from tests.web.service import Service
from tests.web.story import text_in
from tests.web.visitor import Visitor
from tests.web.year_end import NEXT_CYCLE
from tests.web.year_forms import Folders, Form
from tests.web.year_opening import AREAS, CHAIR, CYCLE, SECOND_CHAIR, email_of, folder_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OFFICE = "office@localhost"
AREA, OTHERS = "hollin-valley", ["saltmere", "wrenfield", "dunmere"]
_RECEIPT = "Keep - Receipt"
MOST_CLICKS = 40
"""In a year, for each area, beyond reading: the bar that we set ourselves, for an area that sends emails."""
MOST_ON_THE_PAGE = 55
"""As much where the area and its Chair do everything on the page: sign in seven times, send seven forms."""
_SELF_ASSESSMENTS = 4
"""Clicks of the office to send all of them in at once; here each comes in its own unusual way."""
_MONTHS = {
    "opening": date(2026, 12, 14),
    "self-assessments": date(2027, 2, 22),
    "partners": date(2027, 3, 1),
    "analyses": date(2027, 3, 22),
    "responses": date(2027, 3, 30),
    "records": date(2027, 4, 12),
    "summaries": date(2027, 4, 26),
    "plans": date(2027, 5, 10),
    "notes": date(2027, 5, 17),
    "first review": date(2027, 8, 2),
    "second review": date(2027, 11, 1),
    "closing": date(2027, 12, 1),
    "a month after": date(2028, 1, 4),
}
"""The days on which somebody does something, in their order."""


class Year:
    """The service, its mail server, who visits it, and what they click."""

    def __init__(self, browser: Browser, folder: Path, mail: MailServer) -> None:
        self._browser, self.clock, self.mail = browser, folder / "clock", mail
        self.clicks = ClicksOfAYear()
        self.set_clock("opening")
        self.service = Service(folder / "office", self.clock)
        self.folders = Folders(folder / "office", CYCLE, self.service.pids)
        self.visitors: list[Visitor] = []
        self.office, self.area = self.visit(self.service), self.visit(self.service)
        self.chairs = {name: self.visit(self.service) for name in (CHAIR, SECOND_CHAIR)}

    def visit(self, service: Service) -> Visitor:
        """Somebody with a browser of their own, whose clicks are counted."""
        context = self._browser.new_context(base_url=service.url)
        context.set_default_timeout(LONG * 1000)
        page = context.new_page()
        self.clicks.watch(page)
        self.visitors.append(Visitor(page))
        return self.visitors[-1]

    def chair_of(self, area: str) -> str:
        """The Chair who has the form for the record about an area."""
        label = f"Fill in - Chair record - {area}"

        def find_chairs() -> list[str]:
            return [chair for chair in self.chairs if self.folders.find(folder_of(chair), label)]

        wait_until(find_chairs, label, *self.service.pids)
        return find_chairs()[-1]

    def set_clock(self, month: str) -> None:
        """Let the day be that of `month`, in the morning."""
        day = _MONTHS[month]
        self.clock.write_text(datetime(day.year, day.month, day.day, 9, tzinfo=UTC).isoformat())

    @property
    def for_all(self) -> AbstractContextManager[None]:
        """Clicks that are the same, however many areas there are."""
        return self.clicks.counted_for("all")

    @property
    def for_each(self) -> AbstractContextManager[None]:
        """Clicks of the office that it makes for every area."""
        return self.clicks.counted_for("each")

    @property
    def for_one(self) -> AbstractContextManager[None]:
        """Clicks of one area and its Chair."""
        return self.clicks.counted_for("one")

    @property
    def unusual(self) -> AbstractContextManager[None]:
        """Clicks of what an ordinary year does not have, or a first year alone."""
        return self.clicks.counted_for("unusual")


@contextmanager
def a_year(browser: Browser, folder: Path) -> Iterator[Year]:
    """A year in an empty folder; its service ends with it."""
    with run_mail_server() as mail:
        year = Year(browser, folder, mail)
        try:
            yield year
        except Exception:  # so that a failure shows where everybody was
            for visitor in year.visitors:
                print(visitor.page.url, visitor.page.locator("main").all_inner_texts())
            raise
        finally:
            year.service.end()


def _begin_year(year: Year) -> None:
    with year.unusual:
        year.office.set_password(year.service.link)
        year_opening.begin_rehearsal(year.office)
        year_opening.set_own_look(year.office)
        year_opening.upload_framework(year.office)
        year_opening.set_up_mail(year.office, year.mail)
        year_opening.look_at_rehearsal(year.office)
        year_opening.set_public_address(year.office, year.service.url)
    year.service.start_again()
    with year.unusual:
        year_opening.delete_rehearsal(year.office)


def _prepare_and_open(year: Year) -> None:
    with year.for_all:
        year_opening.prepare_cycle(year.office)
        links = year_opening.invite_everybody(year.office)
    with year.for_one:
        year.area.set_password(links[email_of(AREAS[0])])
        year.chairs[CHAIR].set_password(links[email_of(CHAIR)])
    with year.unusual:
        year_opening.add_second_chair(year.office)
        link = year_opening.invite_by_email(year.office, year.mail, year.service.pids)
        year.chairs[SECOND_CHAIR].set_password(link)
        year_opening.change_open_cycle(year.office)


def _take_in_self_assessments(year: Year) -> None:
    _come_back(year, "self-assessments", year.area)
    with year.for_one:
        year_middle.send_own_form(year.area, year.folders, Form(Kind.SELF_ASSESSMENT, AREA))
    with year.unusual:
        year_middle.accept_with_a_gap(year.office, year.folders)
        year_middle.say_whose_form_it_is(year.office, year.folders)
        year_middle.record_paper(year.office, year.folders, _MONTHS["self-assessments"])
    for who in (AREA, *OTHERS):
        year.folders.wait_for(who, _RECEIPT)


def _approve_partners(year: Year) -> None:
    _come_back(year, "partners")
    with year.for_all:
        year_middle.approve_partners(year.office, year.service.pids)
    with year.for_each:
        year_middle.look_at_packs(year.office, len(AREAS), year.service.pids)


def _hold_events(year: Year) -> None:
    _come_back(year, "analyses", year.area)
    _send_in(year, Kind.ANALYSIS, *OTHERS)
    with year.for_all:
        year_middle.agree_events(year.office, year.service.pids)
    with year.unusual:
        year_middle.give_event_to_another_chair(year.office)
        year_middle.move_two_events(year.office)
    year.folders.wait_for(AREA, f"Open - Calendar entry - {AREAS[0]}")
    with year.for_one:
        year_middle.say_who_comes(year.area, year.service.pids)
    _come_back(year, "responses", year.area)
    _send_in(year, Kind.RESPONSE, *OTHERS)


def _take_in_records(year: Year) -> None:
    _come_back(year, "records")
    chair = year.chair_of(AREAS[0])
    with year.for_one:
        year.chairs[chair].sign_in(email_of(chair))
        year_middle.send_own_form(year.chairs[chair], year.folders, _record_of(chair, AREAS[0]))
    with year.for_all:
        others = [_record_of(year.chair_of(name), name) for name in AREAS[1:]]
        year_middle.send_others_forms(year.office, year.folders, others)
    for area in (AREA, *OTHERS):
        year.folders.wait_for(area, "Check - Your draft summary")
    with year.unusual:
        year.area.sign_in(email_of(AREAS[0]))
        year_middle.correct_draft(year.area, year.folders, Form(Kind.CORRECTIONS, AREA))
        year_middle.accept_correction(year.office, year.service.pids)


def _record_of(chair: str, area: str) -> Form:
    return Form(Kind.CHAIR_RECORD, folder_of(chair), area)


def _agree_plans(year: Year) -> None:
    year.set_clock("summaries")
    for area in (AREA, *OTHERS):
        year.folders.wait_for(area, "Read - Chair summary")
    summary = year.folders.wait_for(AREA, f"Read - Chair summary - {AREAS[0]}")
    assert year_middle.CORRECTED in text_in(summary.read_bytes())
    _come_back(year, "plans", year.area)
    with year.for_all:
        year_end.write_note_with_reminder(year.office, _MONTHS["notes"])
        year_end.remind_two_areas(year.office)
        year_end.write_one_note_on_two_areas(year.office)
        year_end.make_overview(year.office)
        year_end.search_everything(year.office)
    with year.unusual:
        year_end.edit_statements(year.office)
        year_end.look_for_a_person(year.office)
        year_end.close_challenge(year.office)
    _send_in(year, Kind.ACTION_PLAN, "saltmere", "wrenfield")
    _come_back(year, "notes")
    with year.for_all:
        year_end.tick_off_note(year.office)


def _review_actions(year: Year) -> None:
    _come_back(year, "first review", year.area)
    _send_in(year, Kind.PROGRESS_REPORT, "saltmere", "wrenfield")
    _come_back(year, "second review", year.area)
    _send_in(year, Kind.PROGRESS_REPORT, turn=2)


def _close_and_begin_again(year: Year, folder: Path) -> None:
    _come_back(year, "closing")
    with year.unusual:
        year_end.close_cycle(year.office)
        year_end.hold_cycle(year.office)
    with year.for_all:
        backup = year_end.take_backup(year.office)
    year.service.end()
    elsewhere = Service(folder / "another machine", year.clock)
    try:
        _go_on_elsewhere(year, elsewhere, backup)
    finally:
        elsewhere.end()


def _go_on_elsewhere(year: Year, elsewhere: Service, backup: year_end.Backup) -> None:
    office, outbox = year.visit(elsewhere), elsewhere.home / "outbox"
    with year.unusual:
        office.set_password(elsewhere.link)
        year_end.restore_elsewhere(office, backup)
        office.sign_in(OFFICE)
    with year.for_all:
        year_end.open_next_cycle(office)
    expected = len(AREAS) * len(OPENING)
    wait_until(
        lambda: len(_list_documents(outbox / NEXT_CYCLE)) == expected,
        "the next forms are made",
        *elsewhere.pids,
    )
    assert _list_documents(outbox / CYCLE)
    year.set_clock("a month after")
    with year.unusual:
        office.sign_in(OFFICE)
        year_end.keep_for_a_month(office)
        year_end.lift_hold(office)
        year_end.destroy_what_is_due(office)
    assert not _list_documents(outbox / CYCLE)
    assert len(_list_documents(outbox / NEXT_CYCLE)) == expected


def _list_documents(folder: Path) -> list[Path]:
    return list(folder.rglob("*.docx"))


def _come_back(year: Year, month: str, area: Visitor | None = None) -> None:
    """A day later in the year: sessions have ended, so the office, and the area too, sign in again."""
    year.set_clock(month)
    with year.for_all:
        year.office.sign_in(OFFICE)
    if area is not None:
        with year.for_one:
            area.sign_in(email_of(AREAS[0]))


def _send_in(year: Year, kind: Kind, *others: str, turn: int = 1) -> None:
    """One area sends its own form; the office sends in, all at once, what the others brought it."""
    answered = {who: len(year.folders.find(who, _RECEIPT)) for who in (AREA, *others)}
    with year.for_one:
        year_middle.send_own_form(year.area, year.folders, Form(kind, AREA, turn=turn))
    if others:
        with year.for_all:
            forms = [Form(kind, other, turn=turn) for other in others]
            year_middle.send_others_forms(year.office, year.folders, forms)
    for who, count in answered.items():
        year.folders.wait_for(who, _RECEIPT, count=count + 1)


def test_an_office_goes_from_an_empty_folder_to_its_second_cycle_in_a_browser(
    chromium: Browser, tmp_path: Path
) -> None:
    with a_year(chromium, tmp_path) as year:
        _begin_year(year)
        _prepare_and_open(year)
        _take_in_self_assessments(year)
        _approve_partners(year)
        _hold_events(year)
        _take_in_records(year)
        _agree_plans(year)
        _review_actions(year)
        _close_and_begin_again(year, tmp_path)
        presses = year.clicks.presses
    assert presses["outside"] == 0, "each click is counted for something"
    office, on_the_page = _share_clicks(presses), presses["one"]
    for areas in (len(AREAS), 15):
        assert office(areas) < MOST_CLICKS, (areas, presses, year.clicks.fields)
    assert office(15) + on_the_page < MOST_ON_THE_PAGE, (presses, year.clicks.fields)


def _share_clicks(presses: Counter[str]) -> Callable[[int], float]:
    """The office's clicks for one area of so many: those for each, and its share of those for all."""
    return lambda areas: presses["each"] / len(AREAS) + (presses["all"] + _SELF_ASSESSMENTS) / areas
