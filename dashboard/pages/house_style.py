"""The office's house style: what it is, a new one to look at first, taking it into use and taking it back.

Its colours and logo are given to everybody who sees a page, before they sign in too.
"""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, File, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from dashboard.attachment import attach_file
from dashboard.context import NotFound, Signed, Visit, office_of
from dashboard.form_fields import FormFields
from dashboard.house_sheet import find_page_style, write_style_sheet
from dashboard.numbers import Id
from dashboard.render_page import render_page
from dashboard.security import Checked
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.model.house_style import SHIPPED_STYLE, USUAL_FONTS, measure_least_contrast
from peer_challenge.register import house_styles
from peer_challenge.register.house_styles import SavedStyle
from peer_challenge.steering.change_house_style import (
    STYLE_FIELDS,
    StyleRefused,
    describe_differences,
    read_typed_style,
    save_style,
    use_shipped_style,
    use_style,
)
from peer_challenge.steering.preview_style import SAMPLES, render_sample
from peer_challenge.word.write.house_logo import MOST_LOGO_BYTES

router = APIRouter(include_in_schema=False)
_MOST_EARLIER = 10
"""Styles to go back to: an older one is hardly missed, and the list stays short."""
_DONE = {
    "used": "It is in use. What goes out from now on looks like this.",
    "shipped": "It looks as shipped again.",
}
_LABELS = {
    "colour": "Colour",
    "heading_font": "Font of headings",
    "body_font": "Font of text",
    "programme": "Name of the programme",
    "footer": "Line in footers",
    "logo": "Logo",
}


@router.get("/house-style/page.css")
def show_style_sheet(request: Request) -> Response:
    """The colours and fonts of the page, for everybody: it holds nothing else."""
    style = find_page_style(office_of(request)).style
    return Response(write_style_sheet(style), media_type="text/css")


@router.get("/house-style/logo.png")
def show_logo(request: Request) -> Response:
    """The logo in use, for everybody."""
    style = find_page_style(office_of(request)).style
    if not style.logo:
        raise NotFound("There is no logo.")
    return Response(style.logo, media_type="image/png")


@router.get("/house-style")
def show_house_style(request: Request, visit: Signed, done: str = "") -> Response:
    """The house style in use, a form for a new one, and those of before."""
    check_user_can_run_cycle(visit.person)
    return _render_form(request, visit, done=_DONE.get(done))


def _render_form(
    request: Request,
    visit: Visit,
    *,
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
    done: str | None = None,
) -> Response:
    with visit.register.reading() as connection:
        used = house_styles.list_used_styles(connection, _MOST_EARLIER)
    style = used[0].style if used else SHIPPED_STYLE
    return render_page(
        request,
        "house-style.html",
        status=422 if problems else 200,
        title="House style",
        style=style,
        values={name: getattr(style, name) for name in STYLE_FIELDS}
        | {"colour": f"#{style.colour}"}
        | dict(typed or {}),
        earlier=used[1:],
        is_shipped=style == SHIPPED_STYLE,
        fonts=USUAL_FONTS,
        problems=problems or {},
        labels=_LABELS,
        most_megabytes=MOST_LOGO_BYTES // 1_000_000,
        done=done,
    )


@router.post("/house-style")
def save_house_style(
    request: Request,
    visit: Checked,
    fields: FormFields,
    logo: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Keep what was typed as a style to look at. Nothing is made in it yet."""
    check_user_can_run_cycle(visit.person)
    data = logo.file.read(MOST_LOGO_BYTES + 1) if logo is not None and logo.filename else b""
    with visit.register.reading() as connection:
        present = house_styles.load_style_in_use(connection)
    try:
        style = read_typed_style(present, fields, data, is_logo_removed=bool(fields.get("remove_logo")))
    except StyleRefused as refused:
        return _render_form(request, visit, typed=fields, problems=refused.problems)
    with visit.register.writing() as connection:
        number = save_style(connection, style, at=visit.office.now(), actor=visit.person.name)
    return RedirectResponse(f"/house-style/{number}", 303)


def _load_saved(visit: Visit, style_id: int) -> tuple[SavedStyle, SavedStyle | None]:
    """A saved style and the one in use. Raises NotFound."""
    check_user_can_run_cycle(visit.person)
    with visit.register.reading() as connection:
        saved = house_styles.load_saved_style(connection, style_id)
        in_use = house_styles.find_style_in_use(connection)
    if saved is None:
        raise NotFound("There is no such house style.", remedy="Go back to the page House style.")
    return saved, in_use


@router.get("/house-style/{style_id}")
def preview_house_style(request: Request, visit: Signed, style_id: Id) -> Response:
    """A saved style on this page and on sample documents, with what it changes."""
    saved, in_use = _load_saved(visit, style_id)
    return render_page(
        request,
        "house-style-preview.html",
        title="Look at this house style",
        saved=saved,
        style=saved.style,
        differences=describe_differences(in_use, saved.style),
        is_in_use=in_use is not None and in_use.id == saved.id,
        contrast=f"{measure_least_contrast(saved.style.colour):.1f}",
        samples=SAMPLES,
    )


@router.get("/house-style/{style_id}/style.css")
def show_preview_sheet(visit: Signed, style_id: Id) -> Response:
    """The colours and fonts of a saved style, for the page on which it is looked at."""
    saved, _ = _load_saved(visit, style_id)
    return Response(write_style_sheet(saved.style), media_type="text/css")


@router.get("/house-style/{style_id}/logo.png")
def show_preview_logo(visit: Signed, style_id: Id) -> Response:
    """The logo of a saved style."""
    saved, _ = _load_saved(visit, style_id)
    if not saved.style.logo:
        raise NotFound("There is no logo.")
    return Response(saved.style.logo, media_type="image/png")


@router.get("/house-style/{style_id}/samples/{kind}")
def download_sample(visit: Signed, style_id: Id, kind: str) -> Response:
    """A sample document in a saved style."""
    saved, _ = _load_saved(visit, style_id)
    sample = next((one for one in SAMPLES if one.kind.value == kind), None)
    if sample is None:
        raise NotFound("There is no such sample.")
    document = render_sample(visit.settings, sample.kind, saved.style)
    return attach_file(document, f"Sample - {sample.kind.in_words}.{sample.ending}")


@router.post("/house-style/{style_id}/use")
def use_house_style(visit: Checked, style_id: Id) -> Response:
    """Take a saved style into use."""
    check_user_can_run_cycle(visit.person)
    with visit.register.writing() as connection:
        use_style(connection, style_id, at=visit.office.now(), actor=visit.person.name)
    return RedirectResponse("/house-style?done=used", 303)


@router.post("/house-style/shipped")
def use_shipped_house_style(visit: Checked) -> Response:
    """Take the style that we ship into use again."""
    check_user_can_run_cycle(visit.person)
    with visit.register.writing() as connection:
        use_shipped_style(connection, at=visit.office.now(), actor=visit.person.name)
    return RedirectResponse("/house-style?done=shipped", 303)
