"""Comments that an area has in its own file, and its replies to ours, come through every fix-it copy."""

import io
import zipfile
from collections.abc import Mapping

import pytest
from lxml import etree

from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Kind, Severity
from peer_challenge.word.package.marks import COMMENT_AUTHOR
from peer_challenge.word.write.fix_it_comments import add_fix_it_comments
from tests import waiting
from tests.factories import a_filled
from tests.requirements import need
from tests.unit.submissions.test_in_word import KNOWN, read
from tests.validation import audit_problems, sdk_problems, sdk_validator

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="w14 w15"'
)
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATED = "http://schemas.microsoft.com/office/2011/relationships"
PARTS = {
    "comments": (f"{_OFFICE}.comments+xml", "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"),
    "commentsExtended": (f"{_OFFICE}.commentsExtended+xml", f"{_RELATED}/commentsExtended"),
}  # fmt: skip
PLACE = ("leadership/equal-duty", "strengths")
FOUND = [Finding("a.b", Severity.QUERY, "No rating.", "Give one.", PLACE[0], "rating")]
NEXT = [Finding("a.b", Severity.QUERY, "No evidence.", "Name it.", *PLACE)]


def comment(number: int, para: str, author: str, text: str) -> str:
    """A comment as Word writes it."""
    return (
        f'<w:comment w:id="{number}" w:author="{author}" w:date="2027-02-01T09:00:00Z" w:initials="X">'
        f'<w:p w14:paraId="{para}"><w:r><w:annotationRef/></w:r><w:r><w:t>{text}</w:t></w:r></w:p>'
        "</w:comment>"
    )


def packed(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def with_part(parts: dict[str, bytes], name: str, content: str) -> None:
    """Add or replace a part, related and declared as Word does."""
    kind, relation = PARTS[name]
    if f"word/{name}.xml" not in parts:
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
            b"</Types>", f'<Override PartName="/word/{name}.xml" ContentType="{kind}"/></Types>'.encode()
        )
        parts["word/_rels/document.xml.rels"] = parts["word/_rels/document.xml.rels"].replace(
            b"</Relationships>",
            f'<Relationship Id="r{name}" Type="{relation}" Target="{name}.xml"/></Relationships>'.encode(),
        )
    parts[f"word/{name}.xml"] = content.encode()


def marked(document: bytes, first: int, second: int) -> bytes:
    """The document with two comments on the first paragraph of its body."""
    root = etree.fromstring(document)
    paragraph = next(child for child in root.find(f"{W}body") if child.tag == f"{W}p")
    for number in (first, second):
        ident = {f"{W}id": str(number)}
        paragraph.insert(1, etree.Element(f"{W}commentRangeStart", ident))
        etree.SubElement(paragraph, f"{W}commentRangeEnd", ident)
        etree.SubElement(etree.SubElement(paragraph, f"{W}r"), f"{W}commentReference", ident)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


@pytest.fixture(scope="module")
def discussed() -> bytes:
    """A form with a comment of the area's own, and a reply to it."""
    parts = parts_of(a_filled(Kind.SELF_ASSESSMENT))
    theirs = comment(3, "00A0A001", "Business manager", "Is this figure right?") + comment(
        4, "00A0A002", "Data analyst", "Yes, from the March return."
    )
    with_part(parts, "comments", f"<w:comments {_SPACES}>{theirs}</w:comments>")
    with_part(
        parts,
        "commentsExtended",
        f'<w15:commentsEx {_SPACES}><w15:commentEx w15:paraId="00A0A001" w15:done="0"/>'
        '<w15:commentEx w15:paraId="00A0A002" w15:paraIdParent="00A0A001" w15:done="0"/></w15:commentsEx>',
    )
    parts["word/document.xml"] = marked(parts["word/document.xml"], 3, 4)
    return packed(parts)


def comments_of(data: bytes) -> dict[str, tuple[str, str]]:
    """Author and words of each comment, by its id."""
    root = etree.fromstring(parts_of(data)["word/comments.xml"])
    return {c.get(f"{W}id"): (c.get(f"{W}author"), "".join(c.itertext())) for c in root}


def threads_of(data: bytes) -> dict[str, str | None]:
    """The paragraph that each comment answers to, by its own."""
    root = etree.fromstring(parts_of(data)["word/commentsExtended.xml"])
    return {one.get(f"{W15}paraId"): one.get(f"{W15}paraIdParent") for one in root}


def test_an_areas_comments_and_replies_stay_and_ours_stand_beside(discussed):
    copy = add_fix_it_comments(discussed, FOUND, KNOWN)
    before, after = comments_of(discussed), comments_of(copy)
    assert {number: after[number] for number in before} == before
    assert [author for number, (author, _) in after.items() if number not in before] == [COMMENT_AUTHOR]
    assert threads_of(copy) == threads_of(discussed)
    assert read(copy).rows == read(discussed).rows
    assert read(copy).unmapped == read(discussed).unmapped


def test_the_next_copy_takes_out_ours_alone(discussed):
    first = add_fix_it_comments(discussed, FOUND, KNOWN)
    again = add_fix_it_comments(first, NEXT, KNOWN)
    said = [text for author, text in comments_of(again).values() if author == COMMENT_AUTHOR]
    assert len(said) == 1
    assert "No evidence." in said[0]
    assert len(comments_of(again)) == 3


@pytest.fixture(scope="module")
def answered(discussed) -> bytes:
    """A fix-it copy to whose comment the area replied in Word, which then names the paragraphs of both."""
    parts = parts_of(add_fix_it_comments(discussed, FOUND, KNOWN))
    root = etree.fromstring(parts["word/comments.xml"])
    ours = next(c for c in root if c.get(f"{W}author") == COMMENT_AUTHOR)
    list(ours.iter(f"{W}p"))[-1].set(f"{W14}paraId", "00A0A003")
    reply = comment(9, "00A0A004", "Business manager", "It is amber.")
    whole = etree.tostring(root).decode().replace("</w:comments>", f"{reply}</w:comments>")
    with_part(parts, "comments", whole)
    extended = parts["word/commentsExtended.xml"].decode()
    more = (
        '<w15:commentEx w15:paraId="00A0A003"/>'
        '<w15:commentEx w15:paraId="00A0A004" w15:paraIdParent="00A0A003"/>'
    )
    with_part(parts, "commentsExtended", extended.replace("</w15:commentsEx>", f"{more}</w15:commentsEx>"))
    return packed(parts)


def test_a_reply_to_our_comment_stays_when_the_next_copy_takes_ours_out(answered):
    copy = add_fix_it_comments(answered, NEXT, KNOWN)
    said = [text for _, text in comments_of(copy).values()]
    assert any("It is amber." in text for text in said)
    assert not any("No rating." in text for text in said)
    assert threads_of(copy) == {"00A0A001": None, "00A0A002": "00A0A001", "00A0A004": None}


@pytest.mark.parametrize("which", ["discussed", "answered"])
def test_a_copy_with_threads_is_a_valid_document(which, request, tmp_path):
    file = tmp_path / "copy.docx"
    file.write_bytes(add_fix_it_comments(request.getfixturevalue(which), NEXT, KNOWN))
    assert audit_problems(file) == []
    assert sdk_problems(file, sdk_validator()) == []


@pytest.mark.libreoffice
def test_libreoffice_keeps_the_areas_comments_of_a_copy(discussed, tmp_path):
    file, saved = tmp_path / "copy.docx", tmp_path / "saved"
    file.write_bytes(add_fix_it_comments(discussed, FOUND, KNOWN))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    to = ["--headless", "--convert-to", "docx:MS Word 2007 XML", "--outdir", saved, file]
    waiting.run([need("soffice"), profile, *to], check=True)
    said = " ".join(text for _, text in comments_of((saved / file.name).read_bytes()).values())
    assert all(words in said for words in ("Is this figure right?", "from the March return", "No rating."))
