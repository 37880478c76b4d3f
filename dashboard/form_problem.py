"""What keeps a form from being done, as its page tells it: at the top, and beside its field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from peer_challenge.errors import PeerChallengeError


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and what to do about it; `field` is the id of the field that it is about, "" for none."""

    words: str
    field: str = ""

    def __str__(self) -> str:
        return self.words


def tell_problem(refused: PeerChallengeError, **fields: str) -> Problem:
    """A refusal as the page tells it, at the field that is called as what it is about.

    `fields` are the ids of those that are called otherwise there, such as `reason="reason--undo"`.
    """
    return Problem(refused.in_full, fields.get(refused.about, refused.about))


def list_problems(context: Mapping[str, object]) -> list[Problem]:
    """The problems among what a page shows, whether it has one (`problem`) or several (`problems`)."""
    several = context.get("problems")
    found = [context.get("problem"), *(several if isinstance(several, list | tuple) else ())]
    return [one for one in found if isinstance(one, Problem)]


def words_by_field(problems: Iterable[Problem]) -> dict[str, str]:
    """What each field has beside it, by its id."""
    found: dict[str, list[str]] = {}
    for one in problems:
        if one.field:
            found.setdefault(one.field, []).append(one.words)
    return {field: " ".join(words) for field, words in found.items()}


def without_missing_fields(context: Mapping[str, object], page: str) -> dict[str, object] | None:
    """What a page shows, where a problem is about a field that is not on `page`; None where all are there.

    A page may ask for less once it shows what follows. A link of its summary never leads to nowhere.
    """
    missing = {one.field for one in list_problems(context) if one.field and f' id="{one.field}"' not in page}
    if not missing:
        return None

    def place(one: object) -> object:
        return Problem(one.words) if isinstance(one, Problem) and one.field in missing else one

    several = context.get("problems")
    placed = [place(one) for one in several] if isinstance(several, list | tuple) else several
    return {**context, "problem": place(context.get("problem")), "problems": placed}
