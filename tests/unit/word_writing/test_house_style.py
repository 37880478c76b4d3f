"""The house style: no colour or font is past the theme, every product follows it, and reading does not."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from peer_challenge.dispatches.render_dispatch import render_dispatch_file
from peer_challenge.dispatches.samples.sample_facts import sample_facts
from peer_challenge.model.house_style import (
    LEAST_CONTRAST,
    SHIPPED_STYLE,
    HouseStyle,
    find_style_problems,
    measure_least_contrast,
    suggest_darker_colour,
)
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.form.printed_text import SHIPPED
from peer_challenge.word.write.house_colours import RAG
from peer_challenge.word.write.house_logo import LogoRefused, clean_logo
from peer_challenge.word.write.house_theme import list_theme_colours, write_fallback_colours
from peer_challenge.word.write.render_template import WordTemplates
from tests.changed_forms import without_marks
from tests.fill_form import fill_form
from tests.unit.word_reading.forms_to_read import ADDRESSES, known

_OF_RATINGS = {rag.fill for rag in RAG.values()} | {rag.text for rag in RAG.values()}
_PRODUCTS = (
    *(D.SELF_ASSESSMENT_TEMPLATE, D.RECEIPT, D.REGIONAL_OVERVIEW, D.CHAIR_BRIEFING),
    *(D.PRESENTATION, D.REGIONAL_TABLES),
)


def _draw_logo(name: str = "PNG", size: tuple[int, int] = (400, 160)) -> bytes:
    hidden = PngInfo()
    hidden.add_text("Author", "Somebody at home")
    exif = Image.Exif()
    exif[0x013B] = "Somebody at home"
    out = io.BytesIO()
    Image.new("RGB", size, "#006644").save(
        out, name, **({"pnginfo": hidden} if name == "PNG" else {"exif": exif})
    )
    return out.getvalue() + b"<script>hidden behind the picture</script>"


def _draw_grey(size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    Image.new("L", size).save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def own() -> HouseStyle:
    logo = clean_logo(_draw_logo())
    return HouseStyle(
        "7A1F5C", "Georgia", "Verdana", "Vale & Downs <peer>", "Vale House, 1 Example Street", logo
    )


@pytest.fixture(scope="module")
def made(own: HouseStyle) -> dict[D, bytes]:
    """Products of each kind of file in a style of the office's own."""
    templates = WordTemplates()
    return {
        kind: render_dispatch_file(replace(sample_facts(kind), style=own), templates) for kind in _PRODUCTS
    }


def _parts(package: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(package)) as read:
        return {
            name: read.read(name).decode()
            for name in read.namelist()
            if name.endswith(".xml") and "/theme/" not in name
        }


_RUN_OF_RATING = re.compile(r'<w:style [^>]*w:styleId="(?:RAG|RatingLight)[^"]*".*?</w:style>', re.DOTALL)


def _hard_looks(package: bytes) -> Iterator[tuple[str, str]]:
    """Each colour and font of a file that is not its theme's, but for the colours of ratings."""
    for name, xml in _parts(package).items():
        plain = _RUN_OF_RATING.sub("", xml)
        for tag in re.findall(r"<w:(?:color|shd|top|bottom|left|right|insideH|insideV|u)\b[^>]*>", plain):
            for value, said in re.findall(r'w:(val|fill|color)="([0-9A-Fa-f]{6})"', tag):
                if (
                    said not in _OF_RATINGS
                    and ("themeFill=" if value == "fill" else "themeColor=") not in tag
                ):
                    yield name, tag
        yield from (
            (name, tag) for tag in re.findall(r'<w:rFonts[^>]*w:(?:ascii|hAnsi|cs)="(?!Symbol)[^>]*>', plain)
        )
        if name.startswith("ppt/"):
            yield from (
                (name, one) for one in re.findall(r'srgbClr val="(\w+)"', xml) if one not in _OF_RATINGS
            )
            yield from ((name, one) for one in re.findall(r'<a:latin typeface="(?!\+m)[^"]*"', xml))
        if name == "xl/styles.xml":
            yield from (
                (name, one)
                for one in re.findall(r'<(?!rgbColor)\w+ rgb="00(\w+)"', xml)
                if one not in {*_OF_RATINGS, "000000"}
            )
            yield from ((name, one) for one in re.findall(r"<font>(?:(?!scheme).)*?</font>", xml))


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("*.docx")), ids=lambda file: file.stem)
def test_no_template_has_a_colour_or_font_past_its_theme(file):
    assert list(_hard_looks(file.read_bytes())) == []


def test_every_product_follows_the_style_and_has_no_look_past_its_theme(made, own):
    assert {kind: list(_hard_looks(data)) for kind, data in made.items()} == {kind: [] for kind in made}
    for kind, data in made.items():
        with zipfile.ZipFile(io.BytesIO(data)) as read:
            theme = next(read.read(name).decode() for name in read.namelist() if "/theme/theme1" in name)
            pictures = [read.read(name) for name in read.namelist() if "/media/" in name]
        assert 'typeface="Georgia"' in theme and 'typeface="Verdana"' in theme, kind
        assert theme.count(own.colour) >= 3 and SHIPPED_STYLE.colour not in theme, kind
        assert (own.logo in pictures) == (kind is not D.REGIONAL_TABLES), kind
        said = " ".join(_parts(data).values())
        assert SHIPPED_STYLE.colour not in said and SHIPPED_STYLE.pale_colour not in said, kind
        assert "Vale House, 1 Example Street" in said, kind
    letter = docx.Document(io.BytesIO(made[D.RECEIPT]))
    assert letter.sections[0].footer.paragraphs[-1].text == own.line
    assert openpyxl.load_workbook(io.BytesIO(made[D.REGIONAL_TABLES])).loaded_theme is not None


def test_the_charts_follow_and_the_shipped_style_changes_nothing(made):
    plain = render_dispatch_file(sample_facts(D.REGIONAL_OVERVIEW), WordTemplates())
    again = render_dispatch_file(
        replace(sample_facts(D.REGIONAL_OVERVIEW), style=HouseStyle()), WordTemplates()
    )
    assert plain == again
    assert _chart_colours(plain) != _chart_colours(made[D.REGIONAL_OVERVIEW])


def _chart_colours(package: bytes) -> set[tuple[int, int, int]]:
    with zipfile.ZipFile(io.BytesIO(package)) as read:
        pictures = [read.read(name) for name in read.namelist() if "/media/" in name]
    wanted = {(0x1B, 0x36, 0x5D), (0x7A, 0x1F, 0x5C)}
    charts = [Image.open(io.BytesIO(one)) for one in pictures]
    return {
        colour
        for chart in charts
        if chart.mode == "RGB"
        for _, colour in chart.getcolors(1 << 24) or []
        if colour in wanted
    }


def test_a_form_reads_the_same_in_any_style_and_with_its_marks_lost(own):
    values = {(ADDRESSES[0], "strengths"): "We meet each month.", (ADDRESSES[0], "rating"): "GREEN"}
    read = {}
    for name, style in (("shipped", SHIPPED_STYLE), ("own", own)):
        facts = replace(sample_facts(D.SELF_ASSESSMENT_TEMPLATE), style=style)
        filled = fill_form(render_dispatch_file(facts, WordTemplates()), values)
        lines = replace(known(), house_lines=frozenset([style.line]))
        read[name] = [read_document(data, lines) for data in (filled, without_marks(filled))]
    for shipped, styled in zip(read["shipped"], read["own"], strict=True):
        assert styled.rows == shipped.rows and styled.kind == shipped.kind
        assert styled.unmapped == shipped.unmapped
        assert [one.code for one in styled.findings] == [one.code for one in shipped.findings]


def test_colours_and_fonts_that_were_chosen_in_word_are_kept(own, tmp_path):
    shipped = (SHIPPED / "reminder.docx").read_bytes()
    with (
        zipfile.ZipFile(io.BytesIO(shipped)) as read,
        zipfile.ZipFile(tmp_path / "reminder.docx", "w") as out,
    ):
        for name in read.namelist():
            data = read.read(name)
            out.writestr(name, data.replace(b'clrScheme name="House"', b'clrScheme name="Blue Green"'))
    templates = WordTemplates([SHIPPED, tmp_path])
    data = render_dispatch_file(replace(sample_facts(D.REMINDER), style=own), templates)
    assert templates.problems == ()
    with zipfile.ZipFile(io.BytesIO(data)) as read:
        theme = read.read("word/theme/theme1.xml").decode()
    assert SHIPPED_STYLE.colour in theme and own.colour not in theme and 'typeface="Georgia"' in theme


@given(st.integers(0, 0xFFFFFF))
def test_a_colour_is_readable_or_a_readable_one_of_its_hue_is_offered(number):
    colour = f"{number:06X}"
    problem = find_style_problems(HouseStyle(colour)).get("colour", "")
    assert bool(problem) == (measure_least_contrast(colour) < LEAST_CONTRAST)
    offered = suggest_darker_colour(colour)
    assert measure_least_contrast(offered) >= LEAST_CONTRAST and (not problem or offered in problem)


@pytest.mark.threat("office-upload")
@pytest.mark.parametrize("name", ["PNG", "JPEG"])
def test_of_a_logo_only_its_dots_are_kept(name):
    logo = clean_logo(_draw_logo(name, (3000, 1200)))
    assert b"Somebody" not in logo and b"script" not in logo
    picture = Image.open(io.BytesIO(logo))
    assert (picture.format, picture.size, picture.info) == ("PNG", (1000, 400), {})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<svg onload='x()'/>", "neither a PNG nor a JPEG"),
        (b"GIF89a", "neither a PNG nor a JPEG"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "can't be opened"),
        (_draw_logo(size=(900, 20)), "times as wide"),
        (_draw_logo(size=(4, 4)), "at least 16"),
        (b"\xff\xd8\xff" + b"x" * 2_000_001, "larger than 2 MB"),
        (_draw_grey((7000, 6000)), "too many dots"),
        (_draw_grey((9000, 9000)), "too many dots"),
    ],
    ids=["svg", "gif", "cut", "flat", "small", "large", "many dots", "twice as many dots"],
)
def test_what_can_not_be_a_logo_is_refused_with_a_remedy(data, said):
    with pytest.raises(LogoRefused, match=said):
        clean_logo(data)


@pytest.mark.parametrize("transparent", [None, 40_000])
def test_a_logo_in_65_536_greys_keeps_them(transparent):
    greys = (0, 20_000, 40_000, 65_535)
    drawn, out = Image.new("I;16", (80, 40)), io.BytesIO()
    drawn.putdata([greys[n % 80 // 20] for n in range(80 * 40)])
    drawn.save(out, "PNG", **({} if transparent is None else {"transparency": transparent}))
    logo = Image.open(io.BytesIO(clean_logo(out.getvalue())))
    seen = [logo.getpixel((x, 20)) for x in (10, 30, 50, 70)]
    assert [dot[0] for dot in seen] == [0, 78, 156, 255]
    assert [dot[3] for dot in seen] == [255, 255, 255 if transparent is None else 0, 255]


@pytest.mark.parametrize("sign", ["\ufffe", "\uffff", "\ud800", "\x07", "\x85", "{", ">"])
def test_a_line_with_a_sign_that_no_document_can_hold_is_refused(sign):
    line = f"Vale{sign}Downs"
    found = find_style_problems(HouseStyle(programme=line, footer=line))
    assert found.keys() == {"programme", "footer"} and "in one line" in found["footer"]


@pytest.mark.parametrize(
    ("font", "is_name"),
    [
        *(
            (name, True)
            for name in ("Frutiger Näxt", "Frutiger Na\u0308xt", "游明朝", "ＭＳ 明朝", "Gill Sans MT")
        ),
        *((name, False) for name in ("Arial, serif", '"Arial"', "Arial; x", "A_b", " Arial", "ä" * 41, "")),
    ],
)
def test_a_font_is_called_by_letters_of_any_language(font, is_name):
    assert ("body_font" not in find_style_problems(HouseStyle(body_font=font))) == is_name


def test_a_font_with_an_accent_is_in_the_document():
    facts = replace(sample_facts(D.RECEIPT), style=HouseStyle(body_font="Frutiger Näxt"))
    with zipfile.ZipFile(io.BytesIO(render_dispatch_file(facts, WordTemplates()))) as package:
        assert 'typeface="Frutiger Näxt"' in package.read("word/theme/theme1.xml").decode()


def test_a_reference_names_its_colour_beside_it():
    colours = list_theme_colours(HouseStyle("7A1F5C"))
    xml = '<w:shd w:val="clear" w:color="auto" w:fill="000000" w:themeFill="accent3" w:themeFillTint="33"/>'
    assert colours["accent1"] == "7A1F5C" and 'w:fill="FFF2DA"' in write_fallback_colours(xml, HouseStyle())
