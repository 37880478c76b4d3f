"""What the tests of writing share: the shipped templates and every form, rendered once."""

import pytest

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.dispatches.kinds import KINDS
from peer_challenge.dispatches.render_dispatch import render_dispatch_file
from peer_challenge.dispatches.samples.sample_facts import sample_cycle, sample_facts
from peer_challenge.model.vocabulary import DispatchKind
from peer_challenge.word.form.known_before_reading import Known
from peer_challenge.word.write.render_template import WordTemplates


@pytest.fixture(scope="session")
def templates() -> WordTemplates:
    """The shipped templates."""
    return WordTemplates()


@pytest.fixture(scope="session")
def blank(templates) -> dict[DispatchKind, bytes]:
    """Every form of the sample challenge, as it goes out."""
    return {
        kind: render_dispatch_file(sample_facts(kind), templates) for kind, row in KINDS.items() if row.marks
    }


@pytest.fixture(scope="session")
def known() -> Known:
    """What reading knows: the shipped frameworks and the sample cycle."""
    return Known(frameworks=shipped_frameworks(), cycles={sample_cycle().id: sample_cycle()})
