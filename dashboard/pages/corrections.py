"""The corrections to a draft summary: what each would change, and what the Chair or office decides."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.context import Signed, Visit
from dashboard.done import say_done
from dashboard.find_challenge import Found, find_challenge, not_there
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.numbers import Id
from dashboard.render_page import render_page
from dashboard.security import Checked
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import user_can_settle_corrections
from peer_challenge.model.corrections import CorrectedDraft, Correction, Decision, Settled
from peer_challenge.model.sentences import capitalise_first_letter
from peer_challenge.model.vocabulary import Kind, Stage
from peer_challenge.register import corrections, submissions
from peer_challenge.register.database import Transaction
from peer_challenge.steering.settle_corrections import (
    LONGEST_TOLD,
    LONGEST_WORDS,
    Asked,
    finish_corrections,
    settle_correction,
)
from peer_challenge.submissions.version_changes import Piece, compare_texts
from peer_challenge.word.form.forms import FORMS

router = APIRouter(include_in_schema=False)
DONE = {"settled": "Your decision was kept.", "finished": "All is decided. {leaves:The final summary}"}
_DONE_BY_CHAIR = DONE | {"finished": "All is decided. The programme office sends the final summary."}
_COLUMNS = {"text": "", "subheading_as_written": "sub-heading", "consensus": "agreed by both"}
_LABELS = {field.id: field.label for field in FORMS[Kind.CORRECTIONS].fields}


@dataclass(frozen=True, slots=True)
class _Shown:
    """A correction as the page shows it: whose, where, word by word, what was decided, and what was typed."""

    submission_id: int
    area: str
    place: str
    one: Correction
    pieces: list[Piece]
    settled: Settled | None
    typed: Mapping[str, str]

    @property
    def key(self) -> str:
        """What the page calls it in the ids of its fields."""
        return _make_key(self.submission_id, self.one.line)


def _make_key(submission_id: int, line: str) -> str:
    return f"{submission_id}-{line}".replace("/", "-").replace(":", "-")


def _name_fields(submission_id: int, line: str, *, is_subheading: bool) -> dict[str, str]:
    """The ids of the fields of one correction, by what each holds."""
    key = _make_key(submission_id, line)
    return {
        "decision": f"d-{key}-changed",
        "place": f"p-{key}",
        "subheading": f"s-{key}",
        "words": f"{'s' if is_subheading else 'w'}-{key}",
        "reason": f"r-{key}",
        "told": f"t-{key}",
    }


def _name_place(address: str, column: str) -> str:
    """A line of the summary in words: "Strength 1, sub-heading", "Date of the event"."""
    if not address:
        return _LABELS.get(column, "") or "Beside the summary"
    item = capitalise_first_letter(address.replace("/", " "))
    return f"{item}, {_COLUMNS[column]}" if _COLUMNS[column] else item


def _find_for_settling(visit: Visit, connection: Transaction, cycle_id: str, author_id: str) -> Found:
    """A challenge whose corrections the visitor may settle. Raises NotFound or Forbidden."""
    found = find_challenge(visit, connection, cycle_id, author_id)
    if not user_can_settle_corrections(visit.person, found.scope):
        raise not_there(visit)
    return found


@router.get("/challenges/{cycle_id}/{author_id}/corrections")
def show_corrections(
    request: Request, visit: Signed, cycle_id: str, author_id: str, done: str = ""
) -> Response:
    """What both areas corrected in the draft summary."""
    with visit.register.reading() as connection:
        found = _find_for_settling(visit, connection, cycle_id, author_id)
    words = DONE if visit.person.is_office else _DONE_BY_CHAIR
    return _render_corrections(request, visit, found, done=say_done(words, done, visit, found.cycle))


def _render_corrections(
    request: Request,
    visit: Visit,
    found: Found,
    *,
    typed: Mapping[str, str] | None = None,
    problem: Problem | None = None,
    done: str | None = None,
) -> Response:
    with visit.register.reading() as connection:
        drafts = corrections.list_corrected_drafts(connection, found.row.id)
        record = submissions.find_current_version(connection, found.row.id, Kind.CHAIR_RECORD)
        lines = (
            corrections.read_recorded(connection, Kind.CHAIR_RECORD, record.id).list_lines() if record else []
        )
    titles = {address: row.title for address, row in found.framework.subheadings.items()}
    return render_page(
        request,
        "corrections.html",
        status=422 if problem else 200,
        title=f"Corrections to the draft summary: {found.name(found.row.author_id)}",
        found=found,
        shown=[
            _show(found, draft, one, typed or {}, titles) for draft in drafts for one in draft.corrections
        ],
        areas=[found.name(_find_area(found, draft)) for draft in drafts],
        open_count=sum(len(draft.open) for draft in drafts),
        lines=[(f"{address}:{column}", _name_place(address, column)) for address, column in lines],
        titles=titles,
        is_draft=found.row.stage is Stage.DRAFTED,
        decisions=list(Decision),
        longest=LONGEST_WORDS,
        longest_told=LONGEST_TOLD,
        typed=typed or {},
        problem=problem,
        done=done,
    )


def _find_area(found: Found, draft: CorrectedDraft) -> str | None:
    return found.row.author_id if draft.kind is Kind.CORRECTIONS else found.row.challenger_id


def _show(
    found: Found,
    draft: CorrectedDraft,
    one: Correction,
    typed: Mapping[str, str],
    titles: Mapping[str, str],
) -> _Shown:
    is_typed = typed.get("line") == one.line and typed.get("submission") == str(draft.submission_id)
    after = titles.get(one.linked, one.after)
    return _Shown(
        draft.submission_id,
        found.name(_find_area(found, draft)),
        _name_place(one.address, one.column),
        one,
        compare_texts(one.before, after) if not one.is_remark else [],
        draft.settled.get(one.line),
        typed if is_typed else {},
    )


@router.post("/challenges/{cycle_id}/{author_id}/corrections/{submission_id}")
def settle(
    request: Request,
    visit: Checked,
    cycle_id: str,
    author_id: str,
    submission_id: Id,
    line: Text = "",
    decision: Text = "",
    words: Text = "",
    subheading: Text = "",
    place: Text = "",
    reason: Text = "",
    told: Text = "",
) -> Response:
    """Decide about one correction."""
    with visit.register.reading() as connection:
        found = _find_for_settling(visit, connection, cycle_id, author_id)
    typed = {
        "submission": str(submission_id),
        "line": line,
        "decision": decision,
        "words": words,
        "subheading": subheading,
        "place": place,
        "reason": reason,
        "told": told,
    }
    is_subheading = (place or line).endswith(":subheading_as_written")
    try:
        asked = Asked(_read_decision(decision), reason, subheading if is_subheading else words, place, told)
        with visit.register.writing() as connection:
            settle_correction(
                connection,
                found.cycle,
                found.framework,
                found.row.id,
                submission_id,
                line,
                asked,
                at=visit.office.now(),
                actor=visit.person.name,
            )
    except WrongUse as refused:
        problem = tell_problem(refused, **_name_fields(submission_id, line, is_subheading=is_subheading))
        return _render_corrections(request, visit, found, typed=typed, problem=problem)
    return RedirectResponse(f"{found.path}/corrections?done=settled", 303)


def _read_decision(typed: str) -> Decision:
    if typed not in tuple(Decision):
        raise WrongUse(
            "Nothing was chosen.", remedy="Accept the correction, change it or decline it.", about="decision"
        )
    return Decision(typed)


@router.post("/challenges/{cycle_id}/{author_id}/corrections")
def finish(request: Request, visit: Checked, cycle_id: str, author_id: str, reason: Text = "") -> Response:
    """Send the final summary now."""
    with visit.register.reading() as connection:
        found = _find_for_settling(visit, connection, cycle_id, author_id)
    try:
        with visit.register.writing() as connection:
            finish_corrections(
                connection,
                found.cycle,
                found.row.id,
                reason=reason,
                at=visit.office.now(),
                actor=visit.person.name,
            )
    except WrongUse as refused:
        problem = tell_problem(refused, reason="finish-reason")
        return _render_corrections(request, visit, found, typed={"finish": reason}, problem=problem)
    return RedirectResponse(f"{found.path}/corrections?done=finished", 303)
