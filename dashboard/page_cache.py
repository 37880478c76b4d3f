"""Pages that were made already: kept while nothing has happened, for all who have the same rights.

What a page says follows from the register, the day and the rights of whoever asks. The register's
journal grows with everything that happens, so a page made at its newest entry is good until the next.
Such a page is made for nobody in particular: where a name and a form's token belong it has marks, which
are filled in for each who asks.
"""

import secrets
from collections.abc import Callable, Hashable
from dataclasses import replace

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import escape

from dashboard.context import Visit

_TOKEN_MARK, _NAME_MARK = secrets.token_hex(24), secrets.token_hex(24)


def remembered(
    request: Request, visit: Visit, make: Callable[[Visit], Response], *besides: Hashable
) -> Response:
    """The page that `make` makes, or made before for the same rights, address and register.

    `besides` is whatever else the page tells that is not of the register. `make` is given a visit of
    nobody in particular: the same rights, but no name, number or token of their own.
    """
    rights = replace(visit.person, id=0, name=_NAME_MARK)
    anybody = replace(visit, person=rights, csrf_token=_TOKEN_MARK)

    def made() -> tuple[int, bytes]:
        request.state.visitor = anybody
        try:
            answer = make(anybody)
        finally:
            request.state.visitor = visit
        return answer.status_code, bytes(answer.body)

    key = ("page", request.url.path, request.url.query, rights, visit.office.today(), *besides)
    status, body = visit.office.memory.recall(key, visit.pulse, made)
    return HTMLResponse(
        body.replace(_TOKEN_MARK.encode(), visit.csrf_token.encode()).replace(
            _NAME_MARK.encode(), str(escape(visit.person.name)).encode()
        ),
        status,
    )
