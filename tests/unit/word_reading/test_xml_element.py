"""What is asked of an element gives the element that is there, or says that there is none."""

import pytest

from peer_challenge.word.package.safe_xml import parse_xml
from peer_challenge.word.package.xml_element import (
    read_tag_name,
    remove_from_parent,
    require_ancestor,
    require_child,
    require_parent,
    split_tag_name,
)

PART = parse_xml(b'<w:p xmlns:w="urn:w"><!-- dropped --><w:r><w:t>Said</w:t></w:r><plain/></w:p>')
RUN = "{urn:w}r"


@pytest.mark.parametrize(
    ("path", "tag", "parts"),
    [
        (RUN, RUN, ("urn:w", "r")),
        ("plain", "plain", ("", "plain")),
        (f"{RUN}/{{urn:w}}t", "{urn:w}t", ("urn:w", "t")),
    ],
)
def test_a_tag_is_text_with_its_namespace_in_braces(path: str, tag: str, parts: tuple[str, str]) -> None:
    element = require_child(PART, path)
    assert (read_tag_name(element), split_tag_name(element)) == (tag, parts)


def test_a_tag_of_every_element_of_a_part_is_text() -> None:
    assert all(isinstance(element.tag, str) for element in PART.iter())


def test_an_element_is_found_from_its_child_and_from_what_it_is_in() -> None:
    text = require_child(PART, f"{RUN}/{{urn:w}}t")
    assert require_parent(text) is require_child(PART, RUN)
    assert require_ancestor(text, "{urn:w}p") is PART


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(LookupError):
        require_parent(PART)
    with pytest.raises(LookupError):
        require_child(PART, "{urn:w}tbl")
    with pytest.raises(LookupError):
        require_ancestor(PART, RUN)


def test_an_element_taken_out_is_gone_with_the_text_after_it() -> None:
    root = parse_xml(b"<p><r>one</r>two<s/></p>")
    remove_from_parent(require_child(root, "r"))
    assert ("".join(root.itertext()), [read_tag_name(child) for child in root]) == ("", ["s"])
