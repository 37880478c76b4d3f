"""Names of files sent in through the page: what would never be read is refused, the rest can be read."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.uploads import safe_name, why_not_read
from peer_challenge.intake.inbox import is_dropping

REFUSED = [
    *("form.docx.tmp", "form.TMP", "form.part", "form.docx.partial", "form.crdownload", "form.tmp. "),
    *("a.lock", "~$form.docx", "C:\\Users\\me\\~$form.docx", "~form.docx", ".form.docx", ".DS_Store"),
    *("Thumbs.db", "desktop.ini"),
    *("CON", "con.docx", "NUL", "nul.txt.docx", "COM1.docx", "com¹.docx", "LPT9", "AUX .docx", "PRN. "),
]
TAKEN = [
    ("form.docx", "form.docx"),
    ("form.docx. . ", "form.docx"),
    ("  form.docx", "form.docx"),
    ("/etc/passwd", "passwd"),
    ("CONsultation.docx", "CONsultation.docx"),
    ("COM10.docx", "COM10.docx"),
    ("tmp.docx", "tmp.docx"),
    ("a:b?.docx", "a b .docx"),
    ("été.docx", "été.docx"),
]


@pytest.mark.parametrize("told", REFUSED)
def test_a_name_that_would_never_be_read_is_refused_with_what_to_do(told: str) -> None:
    why = why_not_read(told)
    assert why is not None and ("send" in why)


@pytest.mark.parametrize(("told", "name"), TAKEN)
def test_any_other_name_is_taken(told: str, name: str) -> None:
    assert why_not_read(told) is None
    assert safe_name(told) == name


NAMES = st.one_of(
    st.text(max_size=200),
    st.builds(
        lambda stem, ending, tail: stem + ending + tail,
        st.sampled_from(["CON", "nul", "Com1", "form", "~$form", ".hidden", "thumbs", " ", "lpt²"]),
        st.sampled_from(["", ".tmp", ".docx", ".part", ".docx.tmp", ".db", ".lock", ".a"]),
        st.sampled_from(["", " ", ".", ". .", "\u200b", "\t", "\x00"]),
    ),
)


@given(NAMES)
def test_what_a_file_is_called_in_the_inbox_is_read_there(told: str) -> None:
    name = safe_name(told)
    assert not is_dropping(name)
    assert not name.endswith((".", " "))
    assert why_not_read(name) is None
    assert unicodedata.normalize("NFC", name) == name
