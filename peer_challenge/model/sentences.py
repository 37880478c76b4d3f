"""Small words that sentences everywhere share: numbers with their nouns, things in a row."""

from collections.abc import Iterable, Sequence

from peer_challenge.model.vocabulary import KIND_NAMES, DispatchKind, Kind, Stage


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: "1 question", "5 questions"; `plural` where an s does not do."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def listed(things: Iterable[str], *, last: str = "and") -> str:
    """Things in a sentence: "a, b and c"; with semicolons where one has a comma of its own."""
    *first, final = [*things] or [""]
    comma = "; " if any("," in thing for thing in (*first, final)) else ", "
    return f"{comma.join(first)}{';' * (comma == '; ')} {last} {final}" if first else final


def listed_briefly(things: Sequence[str], *, most: int) -> str:
    """As `listed`, of long lists only the first `most`: "a, b and 7 more"."""
    if len(things) <= most:
        return listed(things)
    return f"{', '.join(things[:most])} and {len(things) - most} more"


def capitalised(text: str) -> str:
    """A text as it begins a sentence: "peer analysis" is "Peer analysis", and "Chair's record" stays."""
    return text[:1].upper() + text[1:]


def called(value: str) -> str:
    """What people call a kind of submission, a kind of dispatch or a stage that has the id `value`.

    Any other id comes back as plain words: "link_private" is "link private".
    """
    if value in tuple(Kind):
        return KIND_NAMES[Kind(value)]
    if value in tuple(DispatchKind):
        return DispatchKind(value).in_words
    return value if value in tuple(Stage) else value.replace("_", " ").replace("-", " ")
