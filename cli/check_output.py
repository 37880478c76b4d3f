"""How the answer of `check` is shown to people: in names, as the form prints them."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.text import Text

from cli.terminal import console
from peer_challenge.dispatches.phrases import column_header, subheading_title
from peer_challenge.intake.check_command import count_filled_rows
from peer_challenge.model.framework import FormWords
from peer_challenge.model.sentences import say_how_many
from peer_challenge.model.vocabulary import KIND_NAMES, Kind
from peer_challenge.word.form.known_before_reading import Known


def tell_check(told: Mapping[str, Any], known: Known) -> None:
    """Show what became of one document, and each finding in it. `known` gives the names for its ids."""
    who = " · ".join(filter(None, _describe_identity(told, known)))
    said = f": {told['outcome']}" + (f" ({who})" if who else "")
    console.print(Text.assemble((told["file"], "bold"), said))
    rows, texts = say_how_many(count_filled_rows(told), "row"), say_how_many(len(told["unmapped"]), "text")
    console.print(f"  {rows} filled in, {texts} outside the form", highlight=False)
    for finding in told["findings"]:
        place = ", ".join(filter(None, _describe_place(told, finding, known)))
        console.print(
            f"  {finding['severity'].upper():6} {place + ': ' if place else ''}{finding['message']}",
            highlight=False,
        )
        console.print(f"         {finding['remedy']}", style="dim", highlight=False)


def _describe_identity(told: Mapping[str, Any], known: Known) -> Iterator[str | None]:
    """The names of a document's kind, cycle and area; an id where no name is known."""
    cycle = known.cycles.get(told["cycle"] or "")
    area = cycle.participant.get(told["participant"] or "") if cycle else None
    yield KIND_NAMES[Kind(told["kind"])] if told["kind"] else None
    yield cycle.name if cycle else told["cycle"]
    yield area.name if area else told["participant"]


def _describe_place(told: Mapping[str, Any], finding: Mapping[str, Any], known: Known) -> Iterator[str]:
    """The printed names of a finding's row and column."""
    address, kind = finding["subheading"], told["kind"]
    of_cycle = known.framework_of(told["cycle"], None)
    frameworks = [of_cycle] if of_cycle else [*known.frameworks.values()]
    if address and frameworks:
        titled = next((one for one in frameworks if address in one.subheadings), frameworks[0])
        yield subheading_title(titled, address, Kind(kind) if kind else None)
    if kind and finding["column"]:
        words = of_cycle.words if of_cycle else FormWords()
        yield column_header(Kind(kind), finding["column"], words, address)
