"""What changed between a version of a submission and the one before, word by word."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from dashboard.context import Signed
from dashboard.find_challenge import find, not_there
from dashboard.numbers import Id
from dashboard.render_page import page
from peer_challenge.model.access import user_can_read_submission
from peer_challenge.model.vocabulary import Kind
from peer_challenge.register import frames, rights
from peer_challenge.submissions.version_changes import changes_between, pieces

router = APIRouter(include_in_schema=False)


@router.get("/challenges/{cycle_id}/{author_id}/versions/{submission_id}")
def versions(request: Request, visit: Signed, cycle_id: str, author_id: str, submission_id: Id) -> Response:
    """One version beside the one before, of those that the visitor may read."""
    with visit.register.reading() as connection:
        found = find(visit, connection, cycle_id, author_id)
        arrived = rights.submissions_of(connection, found.row.id)
        seen = [row for row, document in arrived if user_can_read_submission(visit.person, document)]
        row = next((one for one in seen if one.id == submission_id and one.kind), None)
        if row is None:
            raise not_there(visit)
        kind = Kind(row.kind)
        earlier = [one for one in seen if one.kind == row.kind and one.version < row.version]
        before = max(earlier, key=lambda one: one.version, default=None)
        changes = (
            changes_between(
                frames.rows_of(connection, kind, before.id), frames.rows_of(connection, kind, row.id)
            )
            if before is not None
            else ()
        )
    titles = {address: subheading.title for address, subheading in found.framework.subheadings.items()}
    return page(
        request,
        "versions.html",
        title=f"What changed: {found.name(author_id)}",
        found=found,
        row=row,
        before=before,
        changes=[(titles.get(place, place), column, pieces(a, b)) for place, column, a, b in changes],
    )
