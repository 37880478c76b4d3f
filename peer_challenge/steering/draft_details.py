"""What follows from what a draft says so far, even where parts of it can't be read yet."""

from collections.abc import Mapping
from dataclasses import dataclass

from peer_challenge.cycle_file.read_what_can_be import read_what_can_be
from peer_challenge.cycle_file.yaml_with_lines import Entry, Path_
from peer_challenge.dates.deadlines import Deadline, plan_deadlines
from peer_challenge.model.cycle import Contact, Dates, Receives
from peer_challenge.model.cycle_rules import Rules
from peer_challenge.model.who_gets_a_message import list_ticks_of_area
from peer_challenge.steering.draft_cycle import CheckedDraft, Part, get_value, list_items


@dataclass(frozen=True, slots=True)
class DraftContact:
    """A contact of a draft: where it is, whose, as it was typed, and what it receives."""

    path: Path_
    area: str
    name: str
    email: str
    receives: tuple[Receives, ...]


def list_contacts(entries: Mapping[str, object]) -> list[DraftContact]:
    """Every contact of a draft, by area. One without an address receives nothing."""
    found = []
    for number, area in enumerate(list_items(entries, Part.AREAS)):
        held = area.get("contacts")
        contacts = [_read_contact(one) for one in held] if isinstance(held, list) else []
        for place, (one, ticks) in enumerate(zip(contacts, list_ticks_of_area(contacts), strict=True)):
            path: Path_ = ("participants", number, "contacts", place)
            found.append(DraftContact(path, str(area.get("name") or ""), one.name, one.email, ticks))
    return found


def _read_contact(typed: object) -> Contact:
    entry: Entry = typed if isinstance(typed, dict) else {}
    return read_what_can_be(Contact, {"name": "", **entry})


def plan_dates(checked: CheckedDraft) -> list[Deadline]:
    """The deadlines of a challenge whose steps are each done on their last day.

    None while something is wrong with the dates or the rules.
    """
    dates, rules = (get_value(checked.draft.entries, (key,)) for key in ("dates", "rules"))
    is_wrong = any(one.path[:1] in (("dates",), ("rules",)) for one in checked.problems)
    read = read_what_can_be(Dates, dates if isinstance(dates, dict) else {})
    due_on = getattr(read, "self_assessment_due", None)
    if due_on is None or is_wrong:
        return []
    return plan_deadlines(due_on, read_what_can_be(Rules, rules if isinstance(rules, dict) else {}))
