"""The accessibility statement and the privacy notice: shown to anybody, changed by the office."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from markdown_it import MarkdownIt
from markupsafe import Markup

from dashboard.context import Signed, Visit, office_of, visitor_of
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.numbers import LARGEST, Id, read_count
from dashboard.render_page import render_page
from dashboard.security import Checked
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.steering import public_texts
from peer_challenge.steering.public_texts import PublicTextName

router = APIRouter(include_in_schema=False)
_CLASSES = {
    "paragraph_open": "govuk-body",
    "bullet_list_open": "govuk-list govuk-list--bullet",
    "ordered_list_open": "govuk-list govuk-list--number",
    "link_open": "govuk-link",
}
_MARKDOWN = MarkdownIt("zero", {"html": False}).enable(["heading", "list", "link", "emphasis", "newline"])


@router.get("/statements/{which}")
def show_statement(request: Request, which: PublicTextName) -> Response:
    """A text, for anybody."""
    with office_of(request).register.reading() as connection:
        text = public_texts.load_public_text(connection, which)
    visit = visitor_of(request)
    return render_page(
        request,
        "statement.html",
        title=which.heading,
        name=which,
        shown=make_html_of(text),
        gaps=public_texts.list_gaps(text) if visit and visit.person.is_office else [],
    )


def make_html_of(text: str) -> Markup:
    """Markdown as HTML with GOV.UK's classes. HTML in it stays text, and a link that runs a script none."""
    tokens = _MARKDOWN.parse(text)
    for token in [*tokens, *(inner for block in tokens for inner in block.children or ())]:
        if token.type == "heading_open":
            token.attrSet("class", "govuk-heading-m")
        elif token.type in _CLASSES and not token.hidden:
            token.attrSet("class", _CLASSES[token.type])
    return Markup(  # noqa: S704  # the parser escapes what it does not know
        _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    )


@router.get("/statements/{which}/edit")
def show_statement_form(request: Request, visit: Signed, which: PublicTextName) -> Response:
    """The form in which the office changes a text, and its earlier versions."""
    check_user_can_run_cycle(visit.person)
    return _render_form(request, visit, which)


def _render_form(
    request: Request,
    visit: Visit,
    which: PublicTextName,
    typed: str | None = None,
    problem: Problem | None = None,
) -> Response:
    with visit.register.reading() as connection:
        text = public_texts.load_public_text(connection, which)
        versions = public_texts.list_public_text_versions(connection, which)
    return render_page(
        request,
        "statement-form.html",
        status=422 if problem else 200,
        title=f"Change the {which.heading.lower()}",
        name=which,
        text=typed if typed is not None else text,
        seen=versions[0].id if versions else 0,
        versions=versions,
        gaps=public_texts.list_gaps(typed if typed is not None else text),
        longest=public_texts.LONGEST,
        problem=problem,
    )


@router.post("/statements/{which}/edit")
def change_statement(
    request: Request, visit: Checked, which: PublicTextName, text: Text = "", seen: Text = "0"
) -> Response:
    """Show another text from now on."""
    check_user_can_run_cycle(visit.person)
    try:
        with visit.register.writing() as connection:
            public_texts.change_public_text(
                connection,
                which,
                text,
                seen=read_count(seen, 0, LARGEST) or 0,
                at=visit.office.now(),
                actor=visit.person.name,
            )
    except WrongUse as refused:
        return _render_form(request, visit, which, text, tell_problem(refused))
    return RedirectResponse(f"/statements/{which}", 303)


@router.post("/statements/{which}/restore/{version}")
def restore_statement(request: Request, visit: Checked, which: PublicTextName, version: Id) -> Response:
    """Show an earlier version again."""
    check_user_can_run_cycle(visit.person)
    try:
        with visit.register.writing() as connection:
            public_texts.restore_public_text(
                connection, which, version, at=visit.office.now(), actor=visit.person.name
            )
    except WrongUse as refused:
        return _render_form(request, visit, which, problem=tell_problem(refused))
    return RedirectResponse(f"/statements/{which}", 303)
