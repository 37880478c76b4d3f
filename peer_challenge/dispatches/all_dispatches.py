"""Every kind of dispatch with what renders it, and the name its file has in the outbox."""

from collections.abc import Callable

from peer_challenge.dispatches import forms, register_facts
from peer_challenge.dispatches.facts import Facts
from peer_challenge.errors import PeerChallengeError
from peer_challenge.model.cycle import slug
from peer_challenge.model.vocabulary import DispatchKind
from peer_challenge.word.active_content.outgoing import find_in_file
from peer_challenge.word.write.render_template import WordTemplates

Renderer = Callable[[Facts, WordTemplates], bytes]

RENDERERS: dict[DispatchKind, Renderer] = {**forms.RENDERERS, **register_facts.RENDERERS}
"""What renders each kind; it has all of DispatchKind."""

SUFFIXES: dict[DispatchKind, str] = {
    DispatchKind.EVENT_CALENDAR: "ics",
    DispatchKind.PRESENTATION: "pptx",
    DispatchKind.REGIONAL_TABLES: "xlsx",
    DispatchKind.REMINDER_EMAIL: "eml",
}
"""The ending of a kind's file where it is not docx."""


class ActiveDispatch(PeerChallengeError):
    """A finished document holds something that runs, fetches or starts something, so it may not leave."""

    remedy = "If you have a template of your own for it, take that out of your folder and try again."


def render(facts: Facts, templates: WordTemplates) -> bytes:
    """The file of the dispatch that `facts` describe; the same facts give the same bytes.

    Raises ActiveDispatch where the file holds something active, whatever it was made from.
    """
    data = RENDERERS[facts.kind](facts, templates)
    if found := find_in_file(data, SUFFIXES.get(facts.kind, "docx")):
        raise ActiveDispatch(f"The finished document holds something active ({', '.join(found)}).")
    return data


def file_name(facts: Facts) -> str:
    """The dispatch's file name: kind, area, version where it answers one, day of issue.

    Built from ids alone, so nothing that an area typed can reach a path.
    """
    about = facts.author.id if facts.author is not None else facts.cycle.id
    version = f"v{facts.submission.version}" if facts.submission is not None else ""
    pieces = (facts.kind.value.replace("_", " ").capitalize(), slug(about), version, f"{facts.issued_on}")
    return f"{' - '.join(filter(None, pieces))}.{SUFFIXES.get(facts.kind, 'docx')}"
