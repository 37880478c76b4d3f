"""The prompts that stand where an answer belongs: which text is one, and what was typed beside it."""

import re
from collections.abc import Iterator

from peer_challenge.word.form.known_before_reading import OwnText
from peer_challenge.word.package.namespaces import T, w
from peer_challenge.word.package.xml_element import XmlElement
from peer_challenge.word.text.content import Paragraph

_VERBS = r"(?:choose|select|click|tap)\b"
_PROMPT = re.compile(rf"\s*(?:\[{_VERBS}[^\n\]]{{0,80}}\]|{_VERBS}[^\n]{{0,60}})\s*", re.IGNORECASE)
_BRACKETED = re.compile(rf"\[{_VERBS}[^\n\]]{{0,80}}\]", re.IGNORECASE)
_CHOOSE = "Choose "
_LONGEST_CHOICE = 40
"""Letters of a list's prompt: the longest that a form prints has 20, and every one is tried."""
_OF_CHOICES = {
    "rating",
    "response_kind",
    "status",
    "consensus",
    "subheading",
    "due_on",
    "held_on",
    "signed_on",
}
"""Where a list or a day is chosen: elsewhere “Choose a date with families” is an answer."""
_NAMED = re.compile(_VERBS, re.IGNORECASE)  # what was typed before it may touch it: "GreenChoose a rating"


def is_placeholder(text: str) -> bool:
    """Whether a text is a prompt that was left where a choice or an answer belongs: "Choose a rating"."""
    return bool(_PROMPT.fullmatch(text))


def is_bracketed_prompt(text: str) -> bool:
    """Whether a text is a prompt beyond doubt: "Choose a lead for each school" may be an answer."""
    return bool(_BRACKETED.fullmatch(text.strip()))


def names_prompt(text: str) -> bool:
    """Whether a text may hold a prompt: a quick test, and in most cases enough."""
    folded = text.casefold()
    # most lines have none of these, which is told in a tenth of the time that the pattern takes
    has_verb = "choose" in folded or "select" in folded or "tap" in folded
    return (has_verb or ("cl" in folded and "ck" in folded)) and _NAMED.search(text) is not None


def is_prompting(paragraph: Paragraph) -> bool:
    """Whether a paragraph is a prompt: by its words, its style, or the control that it is in."""
    return is_placeholder(paragraph.text) or any(True for _ in _list_prompt_texts(paragraph.element))


def without_prompt(paragraph: Paragraph, own: OwnText, column: str) -> str:
    """A paragraph's text without a prompt of the form's that was left beside what somebody typed.

    A prompt alone stays, as does what only looks like one: it has brackets, a control that shows it, or
    `column` (or particular) is one in which people choose.
    """
    text = paragraph.text
    if not names_prompt(text):
        return text
    prompts = (*_BRACKETED.findall(text), "".join(_list_prompt_texts(paragraph.element)).strip())
    for prompt in filter(own.has, filter(None, prompts)):
        text = text.replace(prompt, "", 1)
    is_choice = column in _OF_CHOICES or column.startswith("signed_on_")
    return (_without_choice_prompt(text.strip(), own) if is_choice else text.strip()) or paragraph.text


def _without_choice_prompt(text: str, own: OwnText) -> str:
    """A text without the prompt of a list, which has no brackets, where somebody typed next to it.

    LibreOffice leaves it there for who fills a form in with the keyboard alone: "GreenChoose a rating".
    """
    begins = text.rfind(_CHOOSE)
    if begins > 0 and own.has(text[begins:]):
        return text[:begins].rstrip()
    ends = range(min(len(text) - 1, _LONGEST_CHOICE), len(_CHOOSE), -1) if begins == 0 else ()
    return next((text[end:].lstrip() for end in ends if own.has(text[:end].rstrip())), text)


def _list_prompt_texts(paragraph: XmlElement | None) -> Iterator[str]:
    """The texts in a paragraph that have the style of prompts, or are in a control that shows its prompt."""
    if paragraph is None:
        return
    for piece in paragraph.iter(T):
        if any(_is_prompting_element(element) for element in piece.iterancestors(w("r"), w("sdt"))):
            yield "".join(piece.itertext())


def _is_prompting_element(element: XmlElement) -> bool:
    if element.tag == w("sdt"):
        return element.find(f"{w('sdtPr')}/{w('showingPlcHdr')}") is not None
    style = element.find(f"{w('rPr')}/{w('rStyle')}")
    name = "" if style is None else style.get(w("val")) or ""
    return "".join(name.split()).casefold().startswith("placeholder")
