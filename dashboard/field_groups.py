"""Fields of a form in groups: what each field is, what was typed into it, and an entry made of that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from peer_challenge.cycle_file.typed_texts import Shape, read_typed_field
from peer_challenge.cycle_file.yaml_with_lines import Entry, Path_
from peer_challenge.steering.draft_cycle import get_value

YES_NO = (("yes", "Yes"), ("no", "No"))


@dataclass(frozen=True, slots=True)
class Field:
    """One field: the path of its value, a label, a hint, and what may be chosen where it is not typed.

    `usual` is the text of the value that counts where nothing is typed.
    """

    path: Path_
    label: str
    hint: str = ""
    shape: Shape = Shape.TEXT
    options: tuple[tuple[str, str], ...] = ()
    usual: str = ""
    width: str = "20"
    kind: str = "text"

    @property
    def id(self) -> str:
        """The name of the field in the form, and its id on the page."""
        return "-".join(map(str, self.path))

    @property
    def is_long(self) -> bool:
        """Whether it has room for several lines."""
        return self.shape in (Shape.LIST, Shape.DAYS, Shape.PAIRS, Shape.PAIR_LISTS)


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field with the text in it, and what is wrong with that."""

    field: Field
    text: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under a heading; `is_folded`: few people need them."""

    heading: str
    fields: tuple[Field, ...]
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group as the page shows it, open where a problem is in it."""

    heading: str
    fields: list[ShownField] = field(default_factory=list)
    is_folded: bool = False


def list_fields(groups: Iterable[Group]) -> list[Field]:
    """All fields of some groups."""
    return [one for group in groups for one in group.fields]


def read_fields(groups: Iterable[Group], typed: Mapping[str, str]) -> dict[Path_, object]:
    """What was typed into the fields, by path, as a cycle file has it; None for nothing and what is usual.

    Fields that the form did not send are left out.
    """
    found: dict[Path_, object] = {}
    for one in list_fields(groups):
        if one.id in typed:
            text = typed[one.id].strip()
            found[one.path] = None if text == one.usual else read_typed_field(one.shape, text)
    return found


def build_entry(groups: Iterable[Group], typed: Mapping[str, str], before: Mapping[str, object]) -> Entry:
    """One area or Chair as typed. What its contacts receive is kept from `before`, by their place.

    Contacts without anything typed are left out.
    """
    entry: Entry = {}
    contacts: dict[int, Entry] = {}
    for path, value in read_fields(groups, typed).items():
        if value is None:
            continue
        if path[0] == "contacts" and isinstance(path[1], int):
            contacts.setdefault(path[1], {})[str(path[2])] = value
        else:
            entry[str(path[0])] = value
    for number, contact in contacts.items():
        receives = get_value(before, ("contacts", number, "receives"))
        if receives is not None:
            contact["receives"] = receives
        contact.setdefault("name", contact.get("role") or contact.get("email", ""))
    if contacts:
        entry["contacts"] = [contacts[number] for number in sorted(contacts)]
    return entry
