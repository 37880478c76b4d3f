"""The result of reading a Word document. All later steps work on it."""

from dataclasses import dataclass, field

from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Kind
from peer_challenge.model.whose_document import Evidence

Row = dict[str, str | None]


@dataclass(slots=True)
class Reading:
    """A document as read.

    `rows` (or `items`, for a Chair's record, an action plan and a progress report) hold one mapping per row
    in the order of the framework, keyed by the form's column ids; a schedule's rows also have `rating` (RED,
    AMBER, GREEN, NOT_APPLICABLE or None) beside `rating_as_written`. An item has `address` ("strength/1");
    one of a draft sent back with corrections also has `changed_by` and `comments`. `particulars`
    are the form's fields by id. `unmapped` is every text that no row or particular holds and that is not the
    form's own. `participant` is the author of the self-assessment whatever the kind, None
    while it is doubtful whose the document is (a finding `identity.held`); `review` is the review that a
    progress report says it is for, 0 where it says none; `challenger` is read from the marks of an
    analysis. `issue` is the mark of the dispatch whose form it was written on, "" where it has none.
    `evidence` is all that the document says about the area it belongs to, None when it is none of the
    forms. `identity_basis` is "marks", "content", "file name", "office" or None; `marking` the highest
    protective marking found, None when there is none. `attachments` are the names of files that came with
    the form: those beside it in a ZIP, and parts embedded in it ("word/embeddings/..."), whose own names
    are not known because they are never opened. `places` are the paths of the answers' cells in the main
    part of the document, by row address and column; `main_part` tells that part from others
    (locate_cells.py).
    """

    sha256: str
    size: int = 0
    kind: Kind | None = None
    cycle: str | None = None
    participant: str | None = None
    challenger: str | None = None
    framework: str | None = None
    review: int = 0
    identity_basis: str | None = None
    rows: list[Row] = field(default_factory=list)
    items: list[Row] = field(default_factory=list)
    particulars: dict[str, str] = field(default_factory=dict)
    unmapped: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    marking: str | None = None
    attachments: list[str] = field(default_factory=list)
    evidence: Evidence | None = None
    places: dict[str, dict[str, str]] = field(default_factory=dict)
    main_part: str = ""
    issue: str = ""
