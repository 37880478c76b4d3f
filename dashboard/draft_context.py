"""What the pages of a cycle in preparation share: the draft, the frameworks, and where its parts are."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from dashboard.context import NotFound, Visit
from dashboard.draft_fields import label_words
from dashboard.field_groups import Field
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.cycle_file.typed_texts import write_typed_field
from peer_challenge.cycle_file.yaml_with_lines import Entry
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.model.framework import Framework
from peer_challenge.register.drafts import CycleDraft
from peer_challenge.steering.draft_cycle import (
    ITEMS,
    CheckedDraft,
    DraftGone,
    DraftRemark,
    Part,
    check_draft,
    get_value,
    load_draft,
)

PART_NAMES: Mapping[Part, tuple[str, str]] = {
    Part.FRAMEWORK: ("Framework", "What areas assess themselves against."),
    Part.DATES: ("Name and dates", "And what follows from the dates."),
    Part.AREAS: ("Areas", "Who takes part, with contacts and neighbours."),
    Part.CHAIRS: ("Chairs", "Who leads the events, and when they can."),
    Part.RULES: ("Rules", "Days, reminders and documents. The usual rules are filled in."),
    Part.PARTNERS: ("Who may challenge whom", "The usual rules are filled in."),
    Part.SENDING: ("Who gets what", "The office's own address, and how things are sent."),
}
"""What each part is called on the page, and what is in it."""


def list_frameworks(visit: Visit) -> dict[str, Framework]:
    """Every framework of this installation, by its id."""
    return shipped_frameworks(visit.settings.own_frameworks)


def load_checked(visit: Visit, draft_id: int) -> CheckedDraft:
    """A draft and what is wrong with it, for the office. Raises Forbidden, and NotFound without one."""
    check_user_can_run_cycle(visit.person)
    frameworks = list_frameworks(visit)
    with visit.register.reading() as connection:
        try:
            return check_draft(connection, load_draft(connection, draft_id), frameworks)
        except DraftGone as gone:
            raise NotFound(str(gone), remedy="Look at the board: it may be open by now.") from None


def link_to_next_part(checked: CheckedDraft, part: Part) -> tuple[str, str]:
    """The page to go on with after a part, and what it is called: the next part, or the list of all."""
    base, following = f"/drafts/{checked.draft.id}", checked.find_next_part(part)
    if following is None:
        return base, "the list of all parts"
    return f"{base}/{following.value}", PART_NAMES[following][0]


def link_to_remark(draft: CycleDraft, remark: DraftRemark) -> str:
    """The page and the field where a remark is about; the page says what is wrong there."""
    part, path = remark.part, remark.path
    base = f"/drafts/{draft.id}/{part.value}"
    if part in ITEMS and len(path) > 1 and isinstance(path[1], int):
        field = "-".join(map(str, path[2:]))
        return f"{base}/{path[1] + 1}?shown=problems#{quote(field)}"
    return f"{base}?shown=problems#{quote('-'.join(map(str, path)))}"


def whose_remark(draft: CycleDraft, remark: DraftRemark) -> str:
    """Whose value a remark is about: an area or a Chair by name, else ""."""
    if remark.path[:1] in (("participants",), ("chairs",)) and len(remark.path) > 1:
        return str(get_value(draft.entries, (*remark.path[:2], "name")) or "")
    return ""


def describe_remarks(draft: CycleDraft, remarks: Sequence[DraftRemark]) -> list[dict[str, str]]:
    """Remarks for a list: `words`, `whose`, and `href` of the field."""
    return [
        {
            "words": label_words(one.words),
            "whose": whose_remark(draft, one),
            "href": link_to_remark(draft, one),
        }
        for one in remarks
    ]


def describe_areas(areas: Sequence[Entry], remarks: Sequence[DraftRemark] = ()) -> list[dict[str, object]]:
    """Areas for a table: texts by column, `number` from 1, and how many `problems` each has."""
    return [
        {
            "number": number,
            "name": area.get("name") or area.get("id") or "",
            "police": area.get("police") or "",
            "icb": _join(area.get("icb")),
            "neighbours": _join(area.get("neighbours")),
            "contacts": _join([_describe_contact(one) for one in _list_mappings(area.get("contacts"))]),
            "problems": sum(one.path[1:2] == (number - 1,) for one in remarks),
        }
        for number, area in enumerate(areas, 1)
    ]


def _describe_contact(contact: Entry) -> str:
    name, email = str(contact.get("name") or ""), str(contact.get("email") or "")
    return f"{name} ({email})" if email and name != email else name or email


def _join(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _list_mappings(value: object) -> list[Entry]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def list_now(
    fields: Sequence[Field], entries: Mapping[str, object], typed: Mapping[str, str]
) -> list[tuple[str, str]]:
    """What is in the fields now where that is not what somebody typed: (label, text)."""
    found = []
    for one in fields:
        text = write_typed_field(one.shape, get_value(entries, one.path)) or one.usual
        if one.id in typed and text != typed[one.id].strip():
            found.append((one.label, text))
    return found
