"""Word templates of the office's own: what there is, what is wrong with it, and using one."""

from collections.abc import Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, File, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from dashboard.attachment import attach_file
from dashboard.context import NotFound, Signed, Visit
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.numbers import Id
from dashboard.render_page import render_page
from dashboard.security import Checked
from peer_challenge.dispatches.samples.check_office_templates import list_preview_names, make_previews
from peer_challenge.dispatches.samples.template_fields import (
    FIELD_RULES,
    list_template_fields,
    write_field_list,
)
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.register.house_styles import load_style_in_use
from peer_challenge.steering.office_templates import (
    MOST_TEMPLATE_BYTES,
    OfficeTemplate,
    describe_office_template,
    find_template_folder,
    list_office_templates,
    put_template_aside,
    remove_waiting_template,
    take_template_back,
    use_template,
)
from peer_challenge.word.form.printed_text import SHIPPED
from peer_challenge.word.package.convert_with_libreoffice import convert_to_pdf, find_libreoffice

router = APIRouter(include_in_schema=False)
_DONE = {
    "uploaded": "It is here. Look at it, then use it.",
    "used": "It is in use. What is made from now on comes from it.",
    "removed": "The template that waited is removed.",
    "back": "The shipped template is in use again. Yours waits here.",
}
_SOURCES = ("waiting", "used")


@router.get("/templates")
def list_templates(request: Request, visit: Signed) -> Response:
    """Every template: what it is for, and whose is in use."""
    check_user_can_run_cycle(visit.person)
    found = list_office_templates(visit.settings)
    return render_page(
        request,
        "templates.html",
        title="Templates",
        templates=found,
        refused=[one for one in found if one.problems],
    )


def _find_template(visit: Visit, template: str) -> OfficeTemplate:
    """A template by its name. Raises NotFound."""
    check_user_can_run_cycle(visit.person)
    try:
        return describe_office_template(visit.settings, template)
    except WrongUse as unknown:
        raise NotFound(str(unknown), remedy=unknown.remedy) from None


@router.get("/templates/{template}")
def show_template(request: Request, visit: Signed, template: str, done: str = "") -> Response:
    """One template: what is wrong with the office's own, and what can be done."""
    return _render_template_page(request, visit, _find_template(visit, template), done=_DONE.get(done))


def _render_template_page(
    request: Request,
    visit: Visit,
    found: OfficeTemplate,
    *,
    done: str | None = None,
    problem: Problem | None = None,
) -> Response:
    return render_page(
        request,
        "template.html",
        status=422 if problem else 200,
        title=found.title,
        found=found,
        samples=[name.replace("_", " ") for name in list_preview_names(found.name)],
        has_pdf=find_libreoffice() is not None,
        most_megabytes=MOST_TEMPLATE_BYTES // 1_000_000,
        problem=problem,
        done=done,
    )


@router.get("/templates/{template}/shipped.docx")
def download_shipped_template(visit: Signed, template: str) -> Response:
    """The template that we ship, to change in Word."""
    found = _find_template(visit, template)
    return attach_file((SHIPPED / f"{found.name}.docx").read_bytes(), f"{found.name}.docx")


@router.get("/templates/{template}/fields")
def show_fields(request: Request, visit: Signed, template: str) -> Response:
    """The fields that a template can use, with what each holds."""
    found = _find_template(visit, template)
    return render_page(
        request,
        "template-fields.html",
        title=f"Fields: {found.title}",
        found=found,
        rules=FIELD_RULES,
        fields=list_template_fields(found.name),
    )


@router.get("/templates/{template}/fields.docx")
def download_fields(visit: Signed, template: str) -> Response:
    """The fields that a template can use, as a Word document."""
    found = _find_template(visit, template)
    return attach_file(write_field_list(found.name), f"{found.name} - fields.docx")


@router.get("/templates/{template}/samples/{source}/{number}")
def download_template_sample(
    visit: Signed, template: str, source: str, number: Id, form: str = "docx"
) -> Response:
    """A sample document of the template that waits or of the one in use, as Word or as PDF."""
    found = _find_template(visit, template)
    folder = find_template_folder(visit.settings, found.name, is_waiting=source == "waiting")
    names = list_preview_names(found.name)
    if source not in _SOURCES or not 0 < number <= len(names) or (source == "waiting" and folder is None):
        raise NotFound("There is no such sample.")
    with visit.register.reading() as connection:
        style = load_style_in_use(connection)
    name, document = make_previews(found.name, folder, style)[number - 1]
    if form != "pdf":
        return attach_file(document, f"Sample - {name}.docx")
    pdf = convert_to_pdf(document)
    if pdf is None:
        raise NotFound("LibreOffice could not make a PDF of it.", remedy="Open it as Word.")
    return attach_file(pdf, f"Sample - {name}.pdf")


@router.post("/templates/{template}")
def upload_template(
    request: Request,
    visit: Checked,
    template: str,
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Keep an uploaded template until it is used; what is wrong with it is on its page."""
    data = file.file.read(MOST_TEMPLATE_BYTES + 1) if file is not None else b""
    return _change_template(request, visit, template, partial(put_template_aside, data=data), "uploaded")


@router.post("/templates/{template}/use")
def use_waiting_template(request: Request, visit: Checked, template: str, seen: Text = "") -> Response:
    """Use the template that waits, if it is the one that the page showed."""
    return _change_template(request, visit, template, partial(use_template, seen=seen), "used")


@router.post("/templates/{template}/remove")
def remove_template(request: Request, visit: Checked, template: str, seen: Text = "") -> Response:
    """Remove the template that waits, if it is the one that the page showed."""
    return _change_template(request, visit, template, partial(remove_waiting_template, seen=seen), "removed")


@router.post("/templates/{template}/back")
def take_back_template(request: Request, visit: Checked, template: str) -> Response:
    """Use the shipped template again."""
    return _change_template(request, visit, template, take_template_back, "back")


def _change_template(
    request: Request, visit: Visit, template: str, change: Callable[..., object], done: str
) -> Response:
    """Do something with a template, then show its page, with why not where it is refused."""
    found = _find_template(visit, template)
    try:
        change(visit.register, visit.settings, found.name, at=visit.office.now(), actor=visit.person.name)
    except WrongUse as refused:
        return _render_template_page(
            request, visit, _find_template(visit, template), problem=tell_problem(refused)
        )
    return RedirectResponse(f"/templates/{found.name}?done={done}", 303)
