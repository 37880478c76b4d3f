"""What a framework's form will look like: the blank self-assessment of an invented area."""

from dataclasses import replace

from peer_challenge.dispatches.schedule_rows import schedule_rows
from peer_challenge.model.framework import Framework
from peer_challenge.model.vocabulary import DispatchKind
from peer_challenge.outbox.render_in_children import render_all
from peer_challenge.settings import Settings


def preview_blank_form(settings: Settings, framework: Framework) -> bytes:
    """The blank self-assessment as a Word file. Raises TooMuchWork and WorkFailed."""
    from peer_challenge.dispatches.samples.sample_facts import sample_facts

    facts = sample_facts(DispatchKind.SELF_ASSESSMENT_TEMPLATE)
    cycle = facts.cycle.model_copy(update={"framework": framework.id, "omit": ()})
    own = replace(facts, cycle=cycle, framework=framework, rows=schedule_rows(framework), last_time=None)
    (document,) = render_all(settings, [own])
    return document
