"""What a Word document's XML says of its layout: links, addresses that are none, contents, header cells."""

import io
import re
import zipfile
from html import unescape

import docx
from docx.oxml.ns import qn

from peer_challenge.word.form.known_before_reading import CONTENTS_LEADS
from peer_challenge.word.form.printed_text import WORDS_OF_PEOPLE

_ADDRESS = re.compile(r"[\w.+\'-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)\S+")
_LINK = re.compile(
    r"<w:hyperlink\b.*?</w:hyperlink>|HYPERLINK .*?</w:instrText>.*?<w:fldChar w:fldCharType=\"end\"/>",
    re.DOTALL,
)
WITHOUT_ROW_HEADERS = {
    "How many sub-headings have each rating",
    "All sub-headings, those rated RED first",
    "Every challenge event, in order of time",
    "When, What",
    "When, From",
}
"""The tables, by their description, whose first column does not say what a row is about."""


def main_part(document: bytes) -> str:
    """The XML of a document's main part."""
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        return package.read("word/document.xml").decode()


def text_of(xml: str) -> str:
    """The text that a piece of XML shows, without what its fields do."""
    return unescape("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", xml)))


def unlinked_addresses(document: bytes) -> list[str]:
    """The addresses of mailboxes and pages that a document prints as plain text, not in people's words."""
    found = []
    for paragraph in main_part(document).split("</w:p>"):
        if f'<w:pStyle w:val="{WORDS_OF_PEOPLE}"/>' not in paragraph:
            found += _ADDRESS.findall(text_of(_LINK.sub(" ", paragraph)))
    return found


def links_of_contents(document: bytes) -> dict[str, str]:
    """What the contents of a document name, with the name of the bookmark that each leads to."""
    lines = [p for p in docx.Document(io.BytesIO(document)).paragraphs if p.text.startswith(CONTENTS_LEADS)]
    links = [link for line in lines for link in line._p.iter(qn("w:hyperlink"))]
    return {"".join(t.text for t in link.iter(qn("w:t"))): link.get(qn("w:anchor")) for link in links}


def says_which_cells_are_headers(table: object) -> bool:
    """Whether a table's look names its header row and its header column, where it has them."""
    properties = table._tbl.tblPr  # type: ignore[attr-defined]
    caption, look = properties.find(qn("w:tblCaption")).get(qn("w:val")), properties.find(qn("w:tblLook"))
    has_row = table._tbl.tr_lst[0].find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None  # type: ignore[attr-defined]
    has_column = caption not in WITHOUT_ROW_HEADERS
    bits = int(look.get(qn("w:val")), 16)
    told = look.get(qn("w:firstRow")) == "1", look.get(qn("w:firstColumn")) == "1"
    return told == (has_row, has_column) == (bool(bits & 0x20), bool(bits & 0x80))
