"""Turns the facts of a dispatch into its file, whatever its kind, and names the file for the outbox."""

from collections.abc import Mapping

from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.kinds import KINDS, template_of
from peer_challenge.errors import PeerChallengeError
from peer_challenge.model.cycle import make_id_from_name
from peer_challenge.system.free_names import LONGEST_PATH, cut_words
from peer_challenge.word.active_content.outgoing import find_in_file
from peer_challenge.word.form.printed_text import own_paragraphs
from peer_challenge.word.form.printed_text_hashes import own_text_marks
from peer_challenge.word.write.render_template import WordTemplates


class ActiveDispatch(PeerChallengeError):
    """A finished document holds something that runs, fetches or starts something, so it is not sent."""

    remedy = "If you have a template of your own for it, take that out of your folder and try again."


def render_dispatch_file(facts: Facts, templates: WordTemplates) -> bytes:
    """The file of the dispatch that `facts` describe. Equal facts give equal bytes.

    Raises ActiveDispatch where the file holds something active, whatever it was made from.
    """
    row = KINDS[facts.kind]
    if row.makes:
        data = row.makes(facts)
    else:
        assert row.says is not None
        data = fill_template(facts, templates, row.says(facts))
    if found := find_in_file(data, row.ending):
        raise ActiveDispatch(f"The finished document holds something active ({', '.join(found)}).")
    return data


def fill_template(facts: Facts, templates: WordTemplates, words: Mapping[str, object]) -> bytes:
    """The file of a dispatch that has a template, filled with `words`."""
    row = KINDS[facts.kind]
    known = row.marks(facts) if row.marks else None
    document = templates.render(
        template_of(facts.kind) or "",
        words,
        title=row.title.format_map(words),
        stamp=facts.stamped_at,
        author=facts.cycle.office.name,
        properties=(lambda texts: known | own_text_marks(own_paragraphs(texts.values()))) if known else None,
    )
    return row.finishes(facts, document) if row.finishes else document


def file_name(facts: Facts) -> str:
    """The dispatch's file name: kind, area, version where it answers one, day of issue.

    Built from ids alone, so nothing that an area typed can reach a path. Where the whole path would get too
    long, the area is cut or left out: the folder says whose it is.
    """
    about = facts.author.id if facts.author is not None else facts.cycle.id
    version = f"v{facts.submission.version}" if facts.submission is not None else ""
    kind, day = facts.kind.as_file_name.capitalize(), f"{facts.issued_on}"

    def name_with(area: str) -> str:
        return f"{' - '.join(filter(None, (kind, area, version, day)))}.{KINDS[facts.kind].ending}"

    folders = len(f"{facts.cycle.id}/{facts.recipient.id}/")
    room = LONGEST_PATH - folders - len(name_with("x")) + 1
    return name_with(cut_words(make_id_from_name(about), room))
