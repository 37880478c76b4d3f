"""What changed between a version of a submission and the one before, word by word."""

from collections.abc import Iterable

from fastapi import APIRouter, Request
from fastapi.responses import Response

from dashboard.context import Signed
from dashboard.find_challenge import find_challenge, not_there
from dashboard.numbers import Id
from dashboard.render_page import render_page
from peer_challenge.model.access import user_can_read_submission
from peer_challenge.register import access_facts, frames, received_emails
from peer_challenge.register.records import Submission
from peer_challenge.submissions.version_changes import changes_between, compare_texts

router = APIRouter(include_in_schema=False)


@router.get("/challenges/{cycle_id}/{author_id}/versions/{submission_id}")
def versions(request: Request, visit: Signed, cycle_id: str, author_id: str, submission_id: Id) -> Response:
    """One version beside the one before, of those that the visitor may read."""
    with visit.register.reading() as connection:
        found = find_challenge(visit, connection, cycle_id, author_id)
        arrived = access_facts.submissions_of(connection, found.row.id)
        seen = [row for row, document in arrived if user_can_read_submission(visit.person, document)]
        row = next((one for one in seen if one.id == submission_id), None)
        kind = row.kind if row is not None else None
        if row is None or kind is None:
            raise not_there(visit)
        before = _find_version_before(row, seen)
        email = received_emails.load_email_of(connection, row.id) if visit.person.is_office else None
        changes = (
            changes_between(
                frames.read_submission_rows(connection, kind, before.id),
                frames.read_submission_rows(connection, kind, row.id),
            )
            if before is not None
            else ()
        )
    titles = {address: subheading.title for address, subheading in found.framework.subheadings.items()}
    return render_page(
        request,
        "versions.html",
        title=f"What changed: {found.name(author_id)}",
        found=found,
        row=row,
        before=before,
        email=email,
        changes=[(titles.get(place, place), column, compare_texts(a, b)) for place, column, a, b in changes],
    )


def _find_version_before(row: Submission, seen: Iterable[Submission]) -> Submission | None:
    """The newest of the versions `seen` that came before one of the same kind; None for the first."""
    versions = {one.version or 0: one for one in seen if (one.kind, one.review) == (row.kind, row.review)}
    earlier = [number for number in versions if number < (row.version or 0)]
    return versions[max(earlier)] if earlier else None
