"""A template of the office's own: told with its place what is wrong, used, and taken back."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest

from peer_challenge.dispatches.samples.check_office_templates import list_template_names
from peer_challenge.dispatches.samples.template_fields import list_template_fields, write_field_list
from peer_challenge.errors import WrongUse
from peer_challenge.operations.doctor import examine_installation
from peer_challenge.register import listings
from peer_challenge.register.archive import sha256_of
from peer_challenge.register.database import Register, open_register
from peer_challenge.settings import Settings
from peer_challenge.steering import office_templates
from peer_challenge.word.form.printed_text import SHIPPED
from tests.migrated import make_installation

NOW = datetime(2027, 3, 22, 10, tzinfo=UTC)


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    make_installation(Settings(home=tmp_path))
    opened = open_register(Settings(home=tmp_path))
    yield opened
    opened.close()


def _change_receipt(new: str) -> bytes:
    """The shipped receipt with other words in its first table's last cell."""
    document = docx.Document(str(SHIPPED / "receipt.docx"))
    document.tables[0].rows[-1].cells[-1].paragraphs[0].add_run(new)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_one_is_put_aside_refused_with_its_place_used_and_taken_back(
    register: Register, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path)
    by = {"at": NOW, "actor": "Programme office"}

    def described() -> office_templates.OfficeTemplate:
        return office_templates.describe_office_template(settings, "receipt")

    wrong = _change_receipt("{{ nobody_knows }}")
    (problem,) = office_templates.put_template_aside(register, settings, "receipt", wrong, **by)  # type: ignore[arg-type]
    assert "nobody_knows" in problem.what
    assert "in table 1, row 2, column 5 under “What we received”, near “" in problem.where
    assert "nobody_knows" in problem.where
    with pytest.raises(WrongUse, match="can't be used"):
        office_templates.use_template(register, settings, "receipt", sha256_of(wrong), **by)  # type: ignore[arg-type]
    assert not described().has_own

    right = _change_receipt(" of {{ version }}")
    assert office_templates.put_template_aside(register, settings, "receipt", right, **by) == []  # type: ignore[arg-type]
    office_templates.use_template(register, settings, "receipt", sha256_of(right), **by)  # type: ignore[arg-type]
    now = described()
    assert now.is_own_used and not now.is_waiting
    assert (settings.own_templates / "receipt.docx").read_bytes() == right

    (settings.own_templates / "receipt.docx").write_bytes(wrong)  # by hand, past the page
    assert not described().is_own_used
    (check,) = [one for one in examine_installation(settings) if one.name == "own templates"]
    assert not check.is_well and "in table 1, row 2" in check.saw

    office_templates.take_template_back(register, settings, "receipt", **by)  # type: ignore[arg-type]
    now = described()
    assert not now.has_own and now.is_waiting
    with register.reading() as connection:
        events = listings.journal_events(connection)
    assert {"template uploaded", "template taken into use", "template taken back"} <= set(events)


def test_only_the_one_that_was_looked_at_is_used_and_none_that_waits_is_overwritten(
    register: Register, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path)
    own = settings.own_templates / "receipt.docx"
    waiting = own.parent / "waiting" / own.name
    first, second, third = (_change_receipt(f" {word}") for word in ("first", "second", "third"))

    def put(data: bytes) -> None:
        office_templates.put_template_aside(register, settings, "receipt", data, at=NOW, actor="office")

    def use(data: bytes) -> None:
        office_templates.use_template(register, settings, "receipt", sha256_of(data), at=NOW, actor="office")

    put(first)
    use(first)
    put(second)
    use(second)
    use(second)  # pressed twice
    assert (own.read_bytes(), waiting.read_bytes()) == (second, first)
    put(third)
    with pytest.raises(WrongUse, match="Another template waits here"):
        use(first)
    with pytest.raises(WrongUse, match="would take its place"):
        office_templates.take_template_back(register, settings, "receipt", at=NOW, actor="office")
    assert (own.read_bytes(), waiting.read_bytes()) == (second, third)
    with pytest.raises(WrongUse, match="Another template waits here"):
        office_templates.remove_waiting_template(
            register, settings, "receipt", sha256_of(first), at=NOW, actor="office"
        )
    office_templates.remove_waiting_template(
        register, settings, "receipt", sha256_of(third), at=NOW, actor="office"
    )
    office_templates.take_template_back(register, settings, "receipt", at=NOW, actor="office")
    assert not own.exists() and waiting.read_bytes() == second


def test_what_a_template_shows_only_with_a_logo_is_tried_and_a_logo_is_shown_only_where_there_is_one(
    register: Register, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path)

    def problems(part: str, *changes: tuple[str, str]) -> str:
        source, out = zipfile.ZipFile(SHIPPED / "receipt.docx"), io.BytesIO()
        with zipfile.ZipFile(out, "w") as package:
            for name in source.namelist():
                text = source.read(name)
                for old, new in changes if name == part else ():
                    text = text.replace(old.encode(), new.encode())
                package.writestr(name, text)
        found = office_templates.put_template_aside(
            register, settings, "receipt", out.getvalue(), at=NOW, actor="office"
        )
        return " ".join(problem.what for problem in found)

    assert problems("") == ""
    assert "nme" in problems("word/footer1.xml", ("{{ house_line }}", "{{ footer.nme }}"))
    assert "no logo" in problems("word/header1.xml", ("{% if logo %}", ""), ("{% endif %}", ""))


def test_every_template_has_its_fields_listed_each_with_what_it_holds() -> None:
    for name in list_template_names():
        fields = {field.written: field for field in list_template_fields(name)}
        assert {"marking", "title", "logo", "house_line"} <= fields.keys(), name
    assert fields["author"].meaning and fields["author"].example == "Ashcombe"
    table = docx.Document(io.BytesIO(write_field_list("receipt"))).tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["Field", "What it is", "What it holds", "Example"]
    assert len(table.rows) == len(list_template_fields("receipt")) + 1
