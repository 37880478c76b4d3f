"""Which kind of form a document is, where its marks do not say: by its title, its columns and its words.

Whose it is, is another question: model/whose_document.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

from peer_challenge.model.names_alike import make_name_key
from peer_challenge.model.vocabulary import Kind
from peer_challenge.word.answers.answers import Answers
from peer_challenge.word.answers.layout import Layout
from peer_challenge.word.form.forms import (
    BEGIN_FOR_READING,
    FOR_READING,
    FORMS,
    OF_CORRECTIONS,
    OF_RECORDED_ITEMS,
    SCHEDULES,
)

_TITLE_LINES = 3  # a marking may stand above the title
SENTENCE = 100
"""Letters, from which a heading is rather a sentence."""
_LOOK_ALIKE = (Kind.SELF_ASSESSMENT, Kind.ANALYSIS)


def titled_kinds(front: Iterable[str]) -> list[Kind]:
    """The kinds of form whose title is alone on a line."""
    return list(_find_titled_kinds(tuple(front)))


@lru_cache(maxsize=2)
def _find_titled_kinds(front: tuple[str, ...]) -> tuple[Kind, ...]:
    """The kinds whose title is one of these lines, kept for a moment: a document is asked several times."""
    lines = {make_name_key(text) for text in front}
    return tuple(kind for kind, titles in _make_title_keys().items() if lines & titles)


@cache
def _make_title_keys() -> Mapping[Kind, frozenset[str]]:
    """The titles of each kind of form as they are compared."""
    return {
        kind: frozenset(map(make_name_key, (form.title, *form.other_titles))) for kind, form in FORMS.items()
    }


def is_titled_in_words(front: Sequence[str]) -> bool:
    """Whether one of the first lines begins or ends with a form's title: "Ashcombe self-assessment"."""
    lines = [f" {make_name_key(text)} " for text in front[:_TITLE_LINES] if len(text) < SENTENCE]
    titles = [f" {make_name_key(form.title)} " for kind, form in FORMS.items() if kind in SCHEDULES]
    return any(line.startswith(title) or line.endswith(title) for line in lines for title in titles)


def is_titled_for_reading(front: Sequence[str]) -> bool:
    """Whether the first lines give it the title of a document that was sent to be read."""
    titles = {make_name_key(title) for title in FOR_READING}
    begun = tuple(f"{make_name_key(title)} " for title in BEGIN_FOR_READING)
    lines = [make_name_key(text) for text in front[:_TITLE_LINES]]
    return any(line in titles or line.startswith(begun) for line in lines)


def find_kind_by_words(layout: Layout, front: Sequence[str]) -> Kind:
    """The kind of a form that has no marks: by its columns, and by the title where forms look alike."""
    titled = next(iter(titled_kinds(front)), Kind.SELF_ASSESSMENT)
    kind = layout.kind or layout.kind_apart or titled
    if kind in _LOOK_ALIKE:
        title = FORMS[Kind.ANALYSIS].title.casefold()
        is_analysis = Kind.ANALYSIS in titled_kinds(front) or any(title in text.casefold() for text in front)
        return Kind.ANALYSIS if is_analysis else Kind.SELF_ASSESSMENT
    if kind in OF_RECORDED_ITEMS:
        return next((one for one in titled_kinds(front) if one in OF_RECORDED_ITEMS), kind)
    return kind


def list_other_kinds(
    kind: Kind | None, front: Sequence[str], answers: Answers, *, is_marked: bool
) -> tuple[Kind, ...]:
    """What else the form may be: the kinds named by its title, when that is another form's.

    A schedule with peers' comments that nothing calls a self-assessment may also be an analysis; what was
    agreed at an event, in a form that nothing calls the Chair's record, may be a draft sent back.
    """
    titled = titled_kinds(front)
    if titled and kind not in titled:
        return tuple(titled)
    if kind is Kind.CHAIR_RECORD and not is_marked and kind not in titled:
        return OF_CORRECTIONS
    has_comments = any(row.get("commentary") for row in answers.rows)
    if kind is Kind.SELF_ASSESSMENT and not is_marked and has_comments and kind not in titled:
        return (Kind.ANALYSIS,)
    return ()
