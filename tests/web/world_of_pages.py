"""An installation in which every page of the office has something to show, and the address of each page."""

import io
import re
import zipfile
from dataclasses import dataclass, field, replace
from datetime import datetime

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.cycle_file.uploaded_files import read_uploaded_table
from peer_challenge.dates.deadlines import Adjustment
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.house_style import HouseStyle
from peer_challenge.model.messages import Delivery
from peer_challenge.model.vocabulary import Kind
from peer_challenge.register import challenges, evidence, held_documents, look_before_sending, messages
from peer_challenge.register.cycles import load_stored, store_cycle
from peer_challenge.steering.amend_cycle import amend_cycle
from peer_challenge.steering.change_dates import change_dates, change_dates_of_all
from peer_challenge.steering.change_house_style import save_style
from peer_challenge.steering.draft_cycle import put_table_aside
from peer_challenge.steering.end_challenge import close_cycle
from peer_challenge.steering.framework_drafts import begin_framework_from
from peer_challenge.steering.identify_submission import reject_as_nobodys
from peer_challenge.steering.send_messages import mark_as_sent
from tests.changed_forms import retitled
from tests.unit.evidence.files import a_pdf
from tests.web.new_cycle import make_table
from tests.web.world import NOW, World, day, follow_up

EARLIER = "northern-2026"
ACTOR, REASON = "Programme office", "It was agreed by telephone."


@dataclass
class WorldOfPages:
    """The installation; `ids` are those that every route is asked with, `own_ids` those of one route."""

    world: World
    ids: dict[str, str]
    own_ids: dict[str, dict[str, str]] = field(default_factory=dict)

    def address_of(self, route: str) -> str:
        """The address at which a route of the office ("/held/{submission_id}") has something to show."""
        own = self.own_ids.get(route, {})
        query = own.get("?", "")
        return re.sub(r"\{(\w+)\}", lambda name: own.get(name[1], self.ids.get(name[1], "1")), route) + query


def make_world_of_pages(world: World) -> WorldOfPages:
    """Do in `world`, an installation in the middle of a cycle, whatever some page is about."""
    event_set, followed, passed_on, withdrawn = (area.id for area in world.cycle.authors)
    ids = {"cycle_id": world.cycle.id, "author_id": event_set, "whose": event_set}
    made = WorldOfPages(world, ids | _FIXED_IDS)
    made.own_ids["/several/{cycle_id}"] = {"?": f"?what=note&area={event_set}"}
    _open_and_close_earlier_cycle(made)
    _follow_up(made, followed)
    _prepare_drafts(made)
    _change_dates(made, event_set)
    _hold_two_documents(made)
    _send_evidence(made, passed_on)
    _send_by_hand(made, event_set)
    _withdraw(made, withdrawn)
    return made


_FIXED_IDS = {
    "template": "receipt",
    "which": "privacy",
    "draft_id": "1",
    "framework_id": "working-together-2026",
    "area_id": "leadership",
    "row_id": "equal-duty",
    "kind": "self_assessment_template",
    "part": "areas",
}


def _open_and_close_earlier_cycle(made: WorldOfPages) -> None:
    """A cycle of last year that the office closed before its end."""
    world = made.world
    earlier = world.cycle.model_copy(update={"id": EARLIER, "name": "Northern peer challenge 2026"})
    at = datetime(2026, 1, 12, 10, tzinfo=NOW.tzinfo)
    with world.register.writing() as connection:
        framework = shipped_frameworks()[earlier.framework]
        store_cycle(connection, earlier, framework, at=at, actor=ACTOR)
        close_cycle(connection, earlier, reason=REASON, at=at, actor=ACTOR)
    world.advance(NOW)
    made.own_ids["/challenges/{cycle_id}/{author_id}/reopen"] = {"cycle_id": EARLIER}
    made.own_ids["/cycles/{cycle_id}/reopen"] = {"cycle_id": EARLIER}


def _follow_up(made: WorldOfPages, author: str) -> None:
    """One challenge is so far that its area has reported on its actions."""
    made.world.send_in(Kind.ANALYSIS, author, day(3, 19))
    made.world.advance(day(3, 19))
    report = {"author_id": author, "submission_id": str(follow_up(made.world, author))}
    made.own_ids["/challenges/{cycle_id}/{author_id}/reports/{submission_id}"] = report


def _prepare_drafts(made: WorldOfPages) -> None:
    """A table beside the cycle in preparation, a framework in preparation, and a style to look at."""
    world = made.world
    table = read_uploaded_table("areas.xlsx", make_table())
    put_table_aside(world.register, 1, table, at=NOW, actor=ACTOR)
    number = begin_framework_from(
        world.register, world.settings, _FIXED_IDS["framework_id"], at=NOW, actor=ACTOR
    )
    for part in ("", "/words", "/origins", "/areas/{area_id}", "/areas/{area_id}/rows/{row_id}", "/file"):
        made.own_ids[f"/framework-drafts/{{draft_id}}{part}"] = {"draft_id": str(number)}
    with world.register.writing() as connection:
        save_style(connection, HouseStyle(colour="0B5D3B"), at=NOW, actor=ACTOR)


def _change_dates(made: WorldOfPages, author: str) -> None:
    """An extension for one area and a pause for all: each can be taken back."""
    world = made.world
    with world.register.writing() as connection:
        cycle, _ = load_stored(connection, world.cycle.id)
        extension = Adjustment("extension", REASON, 7, "event_by")
        change_dates(connection, cycle, f"{cycle.id}/{author}", extension, at=NOW, actor=ACTOR)
        pause = Adjustment("pause", REASON, 3, first_on=NOW.date())
        change_dates_of_all(connection, cycle, pause, at=NOW, actor=ACTOR)


def _hold_two_documents(made: WorldOfPages) -> None:
    """Two forms that name another area than they were made for: one is held, one was nobody's."""
    world = made.world
    names = [area.name for area in world.cycle.authors]
    for number in (1, 2):
        form = world.filled(Kind.SELF_ASSESSMENT, world.cycle.authors[2].id, seed=number + 4)
        path = world.settings.inbox_folder / f"of a colleague {number}.docx"
        path.write_bytes(retitled(form, names[2], names[3]))
    take_in_ready_documents(world.register, world.settings, NOW)
    with world.register.reading() as connection:
        held, nobodys = held_documents.list_held(connection)
    reject_as_nobodys(world.register, nobodys.id, reason=REASON, at=NOW, actor=ACTOR)
    made.own_ids["/held/{submission_id}"] = {"submission_id": str(held.id)}
    made.own_ids["/held/{submission_id}/undo"] = {"submission_id": str(nobodys.id)}


def _send_evidence(made: WorldOfPages, author: str) -> None:
    """A later version of a form, with a file: the pack that carries it on waits for a look."""
    world = made.world
    with world.register.reading() as connection:
        cycle, _ = load_stored(connection, world.cycle.id)
    rules = cycle.rules.model_copy(update={"look_before_sending": True})
    after = cycle.model_copy(update={"rules": rules})
    amend_cycle(world.register, world.settings, after, at=NOW, actor=ACTOR, reason=REASON)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("form.docx", world.filled(Kind.SELF_ASSESSMENT, author, seed=7))
        package.writestr("audit.pdf", a_pdf("We audited forty cases in the hub."))
    (world.settings.inbox_folder / "form and evidence.zip").write_bytes(out.getvalue())
    take_in_ready_documents(world.register, world.settings, NOW)
    world.advance(NOW)
    with world.register.reading() as connection:
        (file, *_) = evidence.list_of_challenge(connection, f"{cycle.id}/{author}")
        (look, *_) = look_before_sending.list_to_look_at(connection, cycle.id)
    version = {"author_id": author, "submission_id": str(file.submission_id)}
    made.own_ids["/challenges/{cycle_id}/{author_id}/versions/{submission_id}"] = version
    made.own_ids["/evidence/{file_id}"] = {"file_id": str(file.id)}
    made.own_ids["/looks/{dispatch_id}"] = {"dispatch_id": str(look.id)}


def _send_by_hand(made: WorldOfPages, author: str) -> None:
    """From now on the office sends each message itself; one was marked as sent."""
    settings = made.world.settings.model_copy(update={"delivery": Delivery.DRAFTS})
    (settings.home / "settings.toml").write_text('delivery = "drafts"\n', encoding="utf-8")
    made.world = world = replace(made.world, settings=settings)
    with world.register.writing() as connection:
        cycle, _ = load_stored(connection, world.cycle.id)
        extension = Adjustment("extension", REASON, 2, "event_by")
        change_dates(connection, cycle, f"{cycle.id}/{author}", extension, at=NOW, actor=ACTOR)
    world.advance(NOW)
    with world.register.writing() as connection:
        letter = messages.list_messages(connection, cycle_id=cycle.id)[0]
        mark_as_sent(connection, letter.id, at=NOW, actor=ACTOR)
    made.own_ids["/messages/{message_id}/not-sent"] = {"message_id": str(letter.id)}


def _withdraw(made: WorldOfPages, author: str) -> None:
    """One area has withdrawn."""
    with made.world.register.writing() as connection:
        which = f"{made.world.cycle.id}/{author}"
        challenges.withdraw_challenge(connection, which, REASON, at=NOW, actor=ACTOR)
    made.world.advance(NOW)
    made.own_ids["/challenges/{cycle_id}/{author_id}/bring-back"] = {"author_id": author}
