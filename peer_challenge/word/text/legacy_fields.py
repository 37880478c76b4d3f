"""Drop-downs and tick boxes of older forms, which keep their answers in the properties of a field."""

from peer_challenge.word.package.namespaces import T, w
from peer_challenge.word.package.xml_element import XmlElement, require_parent
from peer_challenge.word.text.tables import number_in
from peer_challenge.word.text.tick_controls import EMPTY, TICKED

_VAL = w("val")


def read_legacy_field(begin: XmlElement) -> str | None:
    """The answer that the mark (w:fldChar) at the beginning of a field holds, or None when it holds none.

    Nothing is given for a drop-down whose choice the document also shows as text, as some programs do.
    """
    data = begin.find(w("ffData"))
    if data is None:
        return None
    choice, tick = data.find(w("ddList")), data.find(w("checkBox"))
    answers = []
    if choice is not None and (chosen := _find_chosen_entry(choice)) != _read_field_result(begin):
        answers.append(chosen)
    if tick is not None:
        answers.append(TICKED if _is_ticked(tick) else EMPTY)
    return "".join(answers) or None


def _find_chosen_entry(choice: XmlElement) -> str:
    entries = [entry.get(_VAL) or "" for entry in choice.findall(w("listEntry"))]
    result = choice.find(w("result"))
    position = number_in(result if result is not None else choice.find(w("default")), 0)
    return entries[position] if position < len(entries) else ""


def _read_field_result(begin: XmlElement) -> str:
    """The text between the mark that begins a field and the one that ends it, in the same paragraph."""
    shown: list[str] = []
    for element in (*begin.itersiblings(), *require_parent(begin).itersiblings()):
        shown += (text.text or "" for text in element.iter(T))
        if any(mark.get(w("fldCharType")) == "end" for mark in element.iter(w("fldChar"))):
            return "".join(shown)
    return ""


def _is_ticked(tick: XmlElement) -> bool:
    state = tick.find(w("checked"))
    state = tick.find(w("default")) if state is None else state
    return state is not None and state.get(_VAL, "1") not in ("0", "false", "off")
