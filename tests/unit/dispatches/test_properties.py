"""What a document says of itself: the office made it, with this program. No template's author, no machine."""

import io
import re
import zipfile

import docx
import pytest

from peer_challenge.dispatches.kinds import KINDS
from peer_challenge.dispatches.render_dispatch import render_dispatch_file
from peer_challenge.dispatches.samples.sample_facts import sample_facts
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.word.form.printed_text import SHIPPED
from peer_challenge.word.write.render_template import WordTemplates

OFFICE = sample_facts(D.RECEIPT, None).cycle.office.name
LIBRARIES = ("python-docx", "python-pptx", "openpyxl", "Macintosh", "Normal.dotm", "Steve Canny")
PEOPLE = ("Terry Template", "Northern Borough Council", r"\\server\templates", r"C:\Users\terry")


def made(kind: D, templates: WordTemplates) -> bytes:
    role = KINDS[kind].readers[0] if len(KINDS[kind].readers) > 1 else None
    return render_dispatch_file(sample_facts(kind, role), templates)


def unpacked(package: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(package)) as parts:
        return {name: parts.read(name).decode("utf-8", "replace") for name in parts.namelist()}


def said_in(part: str, tag: str) -> str:
    found = re.search(rf"<{tag}\b[^>]*>([^<]*)</{tag}>", part)
    return found.group(1) if found else ""


@pytest.mark.parametrize("kind", list(D))
def test_every_document_that_leaves_names_the_office_and_no_library_or_template(kind, templates):
    data = made(kind, templates)
    if not data.startswith(b"PK"):
        assert not any(word.encode() in data for word in LIBRARIES)
        return
    parts = unpacked(data)
    core = parts["docProps/core.xml"]
    # a fix-it copy is its sender's own document: the office has no name of its own in it
    office = "Programme office" if kind is D.FIX_IT_COPY else OFFICE
    assert said_in(core, "dc:creator") == said_in(core, "cp:lastModifiedBy") == office
    assert not said_in(core, "dc:description") and not said_in(core, "cp:keywords")
    assert not any(name.startswith("docProps/thumbnail") for name in parts)
    told = "".join(text for name, text in parts.items() if name.startswith(("docProps", "_rels")))
    assert not any(word in told for word in LIBRARIES) and "thumbnail" not in told


def test_nothing_of_who_made_an_office_template_goes_out_with_it(tmp_path):
    document = docx.Document(str(SHIPPED / "receipt.docx"))
    core = document.core_properties
    core.author = core.last_modified_by = core.comments = core.keywords = core.category = PEOPLE[0]
    plain = io.BytesIO()
    document.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(tmp_path / "receipt.docx", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/app.xml":
                told = "".join(
                    f"<{tag}>{word}</{tag}>"
                    for tag, word in zip(
                        ("Manager", "Company", "Template", "HyperlinkBase"), PEOPLE, strict=True
                    )
                )
                content = content.replace(b"<TotalTime>", f"{told}<TotalTime>".encode())
            new.writestr(name, content)
    templates = WordTemplates((SHIPPED, tmp_path))
    data = made(D.RECEIPT, templates)
    assert templates.problems == () and data != made(D.RECEIPT, WordTemplates())
    whole = "".join(unpacked(data).values())
    assert not any(word in whole for word in PEOPLE)
