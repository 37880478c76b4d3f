"""What areas write, and templates somebody tampered with, run nowhere: not in Jinja, not in a spreadsheet."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from dashboard.uploads import safe_name
from peer_challenge.dispatches.regional_tables import safe_text
from peer_challenge.intake.inbox import is_dropping, name_as_text
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.vocabulary import Kind
from peer_challenge.operations.export import export_installation
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.register import tables as t
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings
from peer_challenge.word.form.printed_text import SHIPPED
from tests.factories import a_cycle, a_filled
from tests.security.conftest import AT

WRITTEN = (
    "{{7*7}} {{ cycle.__class__.__mro__ }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{x}}{% endfor %}",
    "{# gone #} {{ '",
    "=cmd|' /C calc'!A0",
    '+HYPERLINK("http://example.org")',
    "@SUM(1+1)",
)


def written(texts: tuple[str, ...]) -> bytes:
    """A filled-in form in which some answers are the texts."""
    form = Document(io.BytesIO(a_filled(Kind.SELF_ASSESSMENT, a_cycle(4).participants[0].id, areas=4)))
    answers = [n for n in form.element.body.xpath(".//w:tbl//w:sdt//w:t") if len(n.text or "") > 30]
    answers = answers or [n for n in form.element.body.xpath(".//w:tbl//w:tc//w:t") if len(n.text or "") > 60]
    for node, text in zip(answers, texts, strict=False):
        node.text = text
    out = io.BytesIO()
    form.save(out)
    return out.getvalue()


@pytest.fixture
def taken(register: Register, settings: Settings) -> list[str]:
    """The answers as the register has them, after a form that holds them was taken in."""
    (settings.inbox_folder / "form.docx").write_bytes(written(WRITTEN))
    take_in_ready_documents(register, settings, AT)
    rows = t.self_assessment_rows.c
    with register.reading() as connection:
        found = connection.execute(sa.select(rows.strengths, rows.development)).fetchall()
    return [text for row in found for text in row if text]


def test_what_looks_like_a_template_is_kept_as_it_was_written(taken: list[str]) -> None:
    whole = "\n".join(taken)
    assert [text for text in WRITTEN if text not in whole] == []


@pytest.mark.threat("hostile-words")
def test_what_looks_like_a_template_is_written_out_and_never_run(
    taken: list[str], register: Register, settings: Settings
) -> None:
    with register.writing() as connection:
        connection.execute(
            t.challenges.update()
            .where(t.challenges.c.author_id == a_cycle(4).participants[0].id)
            .values(challenger_id=a_cycle(4).participants[1].id, stage="paired", paired_at=AT)
        )
        connection.execute(
            t.dispatches.insert().values(
                cycle_id=a_cycle(4).id,
                challenge_id=f"{a_cycle(4).id}/{a_cycle(4).participants[0].id}",
                kind="analysis_pack",
                role="challenger",
                recipient_id=a_cycle(4).participants[1].id,
                key="pack",
                parameters={},
                state="intended",
                intended_at=AT,
            )
        )
    issued = [i for i in advance_challenges(register, settings, AT).issued if i.kind == "analysis_pack"]
    text = "".join(
        node.text or ""
        for node in Document(str(settings.outbox_folder / issued[0].path)).element.body.xpath(".//w:t")
    )
    assert "{{7*7}}" in text and "{% for x in" in text
    assert "<class" not in text


@pytest.mark.threat("hostile-words")
def test_no_cell_of_an_export_is_a_formula(
    taken: list[str], register: Register, settings: Settings, tmp_path: Path
) -> None:
    export_installation(register, settings, tmp_path / "out")
    book = openpyxl.load_workbook(tmp_path / "out" / "all-tables.xlsx")
    cells = [cell for sheet in book for row in sheet for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    starts = {str(c.value)[:1] for c in cells if isinstance(c.value, str) and c.value}
    assert not starts & set("=+@\t\r")
    for table in (tmp_path / "out" / "tables").glob("*.csv"):
        assert not any(f",{sign}" in table.read_text(encoding="utf-8-sig") for sign in ("=", "+", "@"))


@given(st.text())
def test_whatever_was_written_no_spreadsheet_runs_it(text: str) -> None:
    assert not safe_text(text).lstrip().startswith(("=", "+", "@"))


@pytest.mark.parametrize("body", ["{{ cycle.__class__ }}", "{% include '/etc/passwd' %}", "{{ 7 * }}"])
@pytest.mark.threat("template-author")
def test_a_tampered_template_is_refused_and_the_shipped_one_used(
    body: str, register: Register, settings: Settings
) -> None:
    settings.own_templates.mkdir(parents=True)
    name = "self_assessment_template.docx"
    with (
        zipfile.ZipFile(SHIPPED / name) as old,
        zipfile.ZipFile(settings.own_templates / name, "w") as new,
    ):
        for part in old.namelist():
            data = old.read(part)
            if part == "word/document.xml":
                data = data.replace(
                    b"<w:sectPr", f"<w:p><w:r><w:t>{body}</w:t></w:r></w:p><w:sectPr".encode(), 1
                )
            new.writestr(part, data)
    issued = advance_challenges(register, settings, AT).issued
    forms = [one for one in issued if one.kind == "self_assessment_template"]
    assert len(forms) == 4
    xml = Document(str(settings.outbox_folder / forms[0].path)).element.xml
    assert "<class" not in xml and "root:" not in xml and "class &#39;" not in xml and "7 *" not in xml


@given(st.text(max_size=300))
def test_whatever_a_browser_calls_a_file_it_lands_in_the_inbox_under_a_visible_name(told: str) -> None:
    name = safe_name(told)
    assert name and not is_dropping(name) and Path(name).name == name
    assert len(name.encode()) <= 130 and name_as_text(name) == name


@given(st.binary(min_size=1, max_size=100))
def test_whatever_bytes_a_name_is_it_can_be_kept_as_text(raw: bytes) -> None:
    name_as_text(raw.decode("utf-8", "surrogateescape")).encode("utf-8")
