"""Turns the facts of a dispatch into its file, whatever its kind."""

from collections.abc import Mapping
from dataclasses import replace

from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.kinds import KINDS, template_of
from peer_challenge.dispatches.outgoing_file_names import build_file_name, build_file_title, find_ending
from peer_challenge.errors import PeerChallengeError
from peer_challenge.model.house_style import HouseStyle
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.word.active_content.outgoing import find_in_file
from peer_challenge.word.form.printed_text import own_paragraphs
from peer_challenge.word.form.printed_text_hashes import own_text_marks
from peer_challenge.word.package import marks
from peer_challenge.word.write.render_template import WordTemplates


class ActiveDispatch(PeerChallengeError):
    """A finished document holds something that runs, fetches or starts something, so it is not sent."""

    remedy = "If you have a template of your own for it, take that out of your folder and try again."


def render_dispatch_file(facts: Facts, templates: WordTemplates) -> bytes:
    """The file of the dispatch that `facts` describe. Equal facts give equal bytes.

    Raises ActiveDispatch where the file holds something active, whatever it was made from.
    """
    row, facts = KINDS[facts.kind], replace(facts, file_title=build_file_title(facts))
    if row.makes:
        data = row.makes(facts)
    else:
        assert row.says is not None
        data = fill_template(facts, templates, list_words(facts))
    if found := find_in_file(data, find_ending(facts)):
        raise ActiveDispatch(f"The finished document holds something active ({', '.join(found)}).")
    return data


def list_words(facts: Facts) -> dict[str, object]:
    """The words for the template of a dispatch; with a letter of questions goes a copy, which it names."""
    says = KINDS[facts.kind].says
    words = dict(says(facts)) if says else {}
    if facts.kind is D.QUERY_LETTER:
        words["copy_name"] = build_file_name(replace(facts, kind=D.FIX_IT_COPY))
    return words


def list_style_words(style: HouseStyle) -> dict[str, object]:
    """What a house style says in every template: the logo's description, the programme's name, a line."""
    return {"logo": style.logo_description, "house_line": style.line, "programme": style.programme}


def fill_template(facts: Facts, templates: WordTemplates, words: Mapping[str, object]) -> bytes:
    """The file of a dispatch that has a template, filled with `words`."""
    row = KINDS[facts.kind]
    known, style = row.marks(facts) if row.marks else None, facts.style

    def list_properties(texts: Mapping[str, str]) -> Mapping[str, str]:
        """What a form is known by; of what is sent for reading, that it is ours if it comes back."""
        if known is None:
            return {marks.ISSUE: facts.dispatch_id}
        return known | own_text_marks(own_paragraphs(texts.values()))

    document = templates.render(
        template_of(facts.kind) or "",
        {**list_style_words(style), **words},
        title=facts.file_title or build_file_title(facts),
        stamp=facts.stamped_at,
        author=facts.cycle.office.name,
        style=style,
        properties=list_properties,
    )
    return row.finishes(facts, document) if row.finishes else document
