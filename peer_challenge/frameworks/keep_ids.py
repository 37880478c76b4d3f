"""Ids for the areas of focus and sub-headings of a framework: the same title has the same id as before.

Ids are the address of a row in everything that is kept, so next year's trend goes by them. The same title is
taken for the same thing. One that is only alike is asked about.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass

from peer_challenge.cycle_file.yaml_with_lines import Entry
from peer_challenge.model.cycle import make_id_from_name
from peer_challenge.model.framework import Framework
from peer_challenge.model.names_alike import make_name_key
from peer_challenge.word.form.match_titles import titles_of

_WITHOUT_A_TITLE = "untitled"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a sub-heading of a framework may come from.

    `address` is its own; `said` are the earlier framework's sub-headings that it carries on, None where
    nobody has said so. `alike` is the one that is like it then, "" where none is.
    """

    address: str
    title: str
    area: str
    said: tuple[str, ...] | None = None
    alike: str = ""

    @property
    def is_answered(self) -> bool:
        """Whether somebody has said what it carries on."""
        return self.said is not None

    @property
    def suggested(self) -> str:
        """What a page shows as chosen: the first that it carries on, else what is like it; "" for none."""
        return self.alike if self.said is None else (self.said or ("",))[0]


def list_entries(holder: Mapping[str, object], key: str) -> list[Entry]:
    """The mappings in a list of a framework's entries; none where there is no such list."""
    held = holder.get(key)
    return [one for one in held if isinstance(one, dict)] if isinstance(held, list) else []


def give_ids(entries: Mapping[str, object], base: Framework | None, others: Iterable[Framework]) -> Entry:
    """A framework's entries in which everything has an id.

    What has one keeps it. A title that `base`, else one of `others`, has as well brings its id from there; a
    sub-heading that is in `base` carries on what is there (`crosswalk`). Any other id is made from the title.
    """
    made = deepcopy(dict(entries))
    earlier = [*([base] if base else []), *others]
    areas = list_entries(made, "focus_areas")
    known = {make_name_key(area.title): area.id for one in reversed(earlier) for area in one.focus_areas}
    _give_each_an_id(areas, known)
    for area in areas:
        rows = list_entries(area, "subheadings")
        _give_each_an_id(rows, _find_known_ids(str(area["id"]), earlier))
        for row in rows:
            origin = _find_same_title(row, str(area["id"]), base) if base and "crosswalk" not in row else None
            if origin is not None:
                row["crosswalk"] = [origin]
    return made


def _find_known_ids(area_id: str, earlier: Sequence[Framework]) -> dict[str, str]:
    """Ids of earlier sub-headings by title: those of the same area of focus before those of others."""
    rows = [
        (address.startswith(f"{area_id}/"), row)
        for one in reversed(earlier)
        for address, row in one.subheadings.items()
    ]
    ordered = sorted(rows, key=lambda pair: pair[0])
    return {make_name_key(row.title): row.id for _, row in ordered}


def _give_each_an_id(held: Sequence[Entry], known: Mapping[str, str]) -> None:
    taken = {str(one["id"]) for one in held if one.get("id")}
    for one in held:
        if one.get("id"):
            continue
        title = str(one.get("title") or "")
        wanted = known.get(make_name_key(title)) or make_id_from_name(title) or _WITHOUT_A_TITLE
        one["id"] = make_free_id(wanted, taken)
        taken.add(str(one["id"]))


def make_free_id(wanted: str, taken: Iterable[str]) -> str:
    """An id that nothing has yet: the wanted one, else with a number after it."""
    held = set(taken)
    number, found = 2, wanted
    while found in held:
        found, number = f"{wanted}-{number}", number + 1
    return found


def _find_same_title(row: Entry, area_id: str, base: Framework) -> str | None:
    """The address of the only sub-heading of `base` with the same title, in the same area of focus first."""
    key = make_name_key(str(row.get("title") or ""))
    same = [address for address, held in base.subheadings.items() if key and make_name_key(held.title) == key]
    near = [address for address in same if address.startswith(f"{area_id}/")]
    return near[0] if len(near) == 1 else same[0] if len(same) == 1 else None


def suggest_origins(entries: Mapping[str, object], base: Framework) -> list[Origin]:
    """Every sub-heading of a framework that has ids, with what it carries on, or may carry on, of `base`."""
    found = []
    for area in list_entries(entries, "focus_areas"):
        for row in list_entries(area, "subheadings"):
            address = f"{area.get('id')}/{row.get('id')}"
            title = str(row.get("title") or "")
            about = (address, title, str(area.get("title") or ""))
            if "crosswalk" in row:
                held = row["crosswalk"]
                said = (str(one) for one in held) if isinstance(held, list) else ()
                found.append(Origin(*about, tuple(one for one in said if one in base.subheadings)))
                continue
            found.append(Origin(*about, alike=_find_alike(title, str(area.get("id")), base)))
    return found


def _find_alike(title: str, area_id: str, base: Framework) -> str:
    """The sub-heading of `base` with a title like this one, in the same area of focus first; "" for none."""
    is_known = any(area.id == area_id for area in base.focus_areas)
    match = titles_of(base).match(title, area_id if is_known else None)
    return match.address if match is not None else ""


def list_unanswered(entries: Mapping[str, object], base: Framework) -> list[Origin]:
    """The sub-headings that are like an earlier one, of which nobody has said whether they carry it on."""
    return [one for one in suggest_origins(entries, base) if one.suggested and not one.is_answered]
