"""What tests of reading share: a small cycle, reading a body, looking findings up."""

from datetime import date

from peer_challenge.model.cycle import Cycle, Dates, Participant
from peer_challenge.model.cycle_rules import Rules
from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.form.known_before_reading import Known
from tests.unit.word_reading.builder import FRAMEWORK, answer_row, cell, document, p, schedule

PLACE = "leadership/named"
CYCLE = Cycle(
    id="northern-2027",
    name="Northern peer challenge 2027",
    framework="small",
    dates=Dates(opens=date(2027, 1, 11), self_assessment_due=date(2027, 2, 26)),
    participants=(
        Participant(
            id="ashcombe", name="Ashcombe", aliases=("Ashcombe Valley",), partnership="Ashcombe LSCP"
        ),
        Participant(id="north-wolds", name="North Wolds", aliases=("St. Brannock",)),
    ),
)
KNOWN = Known({"small": FRAMEWORK}, {CYCLE.id: CYCLE})


def read(
    body: str, *, rules: Rules | None = None, known: Known = KNOWN, name: str = "", **held: object
) -> Reading:
    return read_document(document(body, **held), known, name=name, rules=rules)  # type: ignore[arg-type]


def read_cell(column: str, xml: str, *, rules: Rules | None = None, **held: object) -> Reading:
    """A schedule whose first row has this XML as the cell of a column."""
    return read(schedule({PLACE: answer_row(PLACE, **{column: xml})}), rules=rules, **held)


def read_rating_as(text: str, **held: object) -> Reading:
    return read_cell("rating", cell(p(*text.split("\n"))), **held)


def first(reading: Reading) -> dict[str, str | None]:
    return next(row for row in reading.rows if row["subheading"] == PLACE)


def codes(reading: Reading, column: str | None = None) -> set[str]:
    """The codes found, of one column of the first row where one is given."""
    return {f.code for f in reading.findings if column is None or (f.subheading, f.column) == (PLACE, column)}


def severity(reading: Reading, code: str) -> str:
    return next(f.severity.value for f in reading.findings if f.code == code)
