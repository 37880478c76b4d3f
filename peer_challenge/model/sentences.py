"""Helpers for sentences: numbers with their nouns, lists, capitals and the names of things."""

from collections.abc import Iterable, Sequence

from peer_challenge.model.vocabulary import KIND_NAMES, DispatchKind, Kind, Stage


def say_how_many(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: "1 question", "5 questions"; give `plural` if it does not just add an s."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def join_in_words(things: Iterable[str], *, last: str = "and", have_ends: bool = False) -> str:
    """Things in a sentence: "a, b and c"; with semicolons if one of them contains a comma.

    `have_ends`: each shows by itself where it ends, such as "a, b (2)", and commas do.
    """
    *first, final = [*things] or [""]
    comma = "; " if not have_ends and any("," in thing for thing in (*first, final)) else ", "
    return f"{comma.join(first)}{';' * (comma == '; ')} {last} {final}" if first else final


def join_list_briefly(things: Sequence[str], *, most: int) -> str:
    """Things in a sentence, but only the first `most` of a long list: "a, b and 7 more"."""
    if len(things) <= most:
        return join_in_words(things)
    return f"{', '.join(things[:most])} and {len(things) - most} more"


def capitalise_first_letter(text: str) -> str:
    """A text with a capital first letter, to begin a sentence: "peer analysis" gives "Peer analysis"."""
    return text[:1].upper() + text[1:]


def name_within_sentence(thing: str) -> str:
    """A thing named within a sentence: "Peer analysis" gives "peer analysis"; a Chair keeps the capital."""
    return thing if thing.startswith("Chair") else thing[:1].lower() + thing[1:]


def make_possessive(name: str) -> str:
    """A name as the owner of what follows: "Ashcombe’s", and "North Wolds’" for one that ends in s."""
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def name_in_plain_words(value: str) -> str:
    """What people call a kind of submission, a kind of dispatch or a stage that has the id `value`.

    Any other id comes back as plain words: "link_private" is "link private".
    """
    if value in tuple(Kind):
        return KIND_NAMES[Kind(value)]
    if value in tuple(DispatchKind):
        return DispatchKind(value).in_words
    return value if value in tuple(Stage) else value.replace("_", " ").replace("-", " ")


def name_in_greeting(name: str) -> str:
    """A contact's name after "Dear": that of a role begins with a small letter, as in "Dear head of service".

    A role is told by its later words, none of which has a capital; a person's name has one in each.
    """
    first, *others = name.split() or [""]
    is_role = bool(others) and not any(word[:1].isupper() for word in others) and first[1:].islower()
    return f"{first[0].lower()}{name[1:]}" if is_role else name


_GENERAL_NOUNS = ("office", "team", "unit", "service", "hub", "board", "partnership", "programme", "group")


def name_office_in_sentence(name: str) -> str:
    """An office's name as people say it within a sentence: "Northern programme office" gets "the".

    A name that has its article already, or that ends in a name of its own, stays as it is.
    """
    words = name.lower().split()
    is_general = bool(words) and words[-1] in _GENERAL_NOUNS and words[0] != "the"
    return f"the {name}" if is_general else name
