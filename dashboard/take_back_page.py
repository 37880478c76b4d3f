"""The page on which a decision is taken back: what was decided, what would follow, and why it is done."""

from fastapi import Request
from fastapi.responses import Response

from dashboard.form_problem import Problem
from dashboard.render_page import render_page


def render_take_back_page(
    request: Request,
    found: object | None,
    problem: Problem | None,
    *,
    title: str,
    action: str,
    back: tuple[str, str],
    reason: str = "",
    is_nothing_sent: bool = False,
) -> Response:
    """The page of what was `found`: `decided` and `told`; `row`, `decision_id` and `drafts` if it has them.

    `found` is None where taking back is not possible; `problem` says why. `back` is an address and its name.
    """
    return render_page(
        request,
        "take-back.html",
        status=422 if problem else 200,
        title=title,
        found=found,
        action=action,
        back=back,
        is_nothing_sent=is_nothing_sent,
        reason=reason,
        problem=problem,
    )
