"""A house style on sample documents, before it is taken into use."""

from dataclasses import dataclass, replace

from peer_challenge.model.house_style import HouseStyle
from peer_challenge.model.vocabulary import DispatchKind
from peer_challenge.outbox.render_in_children import render_all
from peer_challenge.settings import Settings


@dataclass(frozen=True, slots=True)
class SampleFile:
    """A sample document: what it is called on the page, its kind and its file's ending."""

    name: str
    kind: DispatchKind
    ending: str


SAMPLES = (
    SampleFile("A form, as Word", DispatchKind.SELF_ASSESSMENT_TEMPLATE, "docx"),
    SampleFile("A letter, as Word", DispatchKind.RECEIPT, "docx"),
    SampleFile("The regional overview with its charts, as Word", DispatchKind.REGIONAL_OVERVIEW, "docx"),
    SampleFile("A presentation, as PowerPoint", DispatchKind.PRESENTATION, "pptx"),
    SampleFile("The region's tables, as Excel", DispatchKind.REGIONAL_TABLES, "xlsx"),
)
"""What a style can be looked at on. Areas, days and answers in them are invented."""


def render_sample(settings: Settings, kind: DispatchKind, style: HouseStyle) -> bytes:
    """A sample document in a style. Raises TooMuchWork and WorkFailed."""
    from peer_challenge.dispatches.samples.sample_facts import sample_facts

    (document,) = render_all(settings, [replace(sample_facts(kind), style=style)])
    return document
