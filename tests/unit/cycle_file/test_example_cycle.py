"""The cycle file that the README tells people to copy is one that opens, and can be paired."""

from peer_challenge.cycle_file.load_cycle import read_cycle_file
from peer_challenge.cycle_file.load_framework import shipped_frameworks, tell_what_to_compare
from peer_challenge.partners.solver import problem_from_cycle, propose_partners
from peer_challenge.paths import ROOT

EXAMPLE = ROOT / "docs" / "example-cycle.yaml"


def test_it_reads_without_a_mistake_and_asks_only_to_compare_the_framework_with_its_guidance() -> None:
    read = read_cycle_file(EXAMPLE, shipped_frameworks())
    assert read.warnings == ()
    framework = shipped_frameworks()[read.cycle.framework]
    assert "Please compare them with the guidance" in tell_what_to_compare(framework)
    assert len(read.cycle.participants) == 6


def test_partners_can_be_found() -> None:
    proposal = propose_partners(problem_from_cycle(read_cycle_file(EXAMPLE, shipped_frameworks()).cycle))
    assert proposal.status == "optimal"
