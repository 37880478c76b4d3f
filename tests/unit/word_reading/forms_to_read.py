"""Real forms, as the office sends them, filled in: what reading is tried on."""

from functools import cache

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.dispatches.render_dispatch import render_dispatch_file
from peer_challenge.dispatches.samples.sample_facts import sample_cycle, sample_facts, sample_framework
from peer_challenge.model.vocabulary import DispatchKind
from peer_challenge.word.form.forms import KIND_ON
from peer_challenge.word.form.known_before_reading import Known
from peer_challenge.word.write.render_template import WordTemplates
from tests.fill_form import fill_form

ADDRESSES = tuple(sample_framework())
SENTENCE = "Partners met every month and agreed what would change; the audit in June showed that it had."


@cache
def known() -> Known:
    """The sample cycle, and every framework."""
    return Known(shipped_frameworks(), {sample_cycle().id: sample_cycle()})


@cache
def blank(kind: DispatchKind = DispatchKind.SELF_ASSESSMENT_TEMPLATE) -> bytes:
    """A form as it goes out."""
    return render_dispatch_file(sample_facts(kind), WordTemplates())


@cache
def filled_self_assessment() -> bytes:
    """A self-assessment with every row filled in."""
    values = {}
    for number, address in enumerate(ADDRESSES):
        values[address, "strengths"] = f"{SENTENCE} ({number})\nA second paragraph."
        values[address, "development"] = f"We still need to agree how number {number} is measured."
        values[address, "rating"] = ("RED", "AMBER", "GREEN")[number % 3]
    return fill_form(blank(), values)


def filled_forms() -> list[bytes]:
    """One of each kind."""
    return [filled_self_assessment(), *(blank(kind) for kind in KIND_ON)]
