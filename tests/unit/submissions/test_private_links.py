"""The same address is private whether it is a hyperlink or typed out."""

import pytest

from peer_challenge.word.answers.private_links import has_private_link, is_private_link

PRIVATE = (
    "https://ashcombe.sharepoint.com/sites/x/Plan.docx",
    "https://ashcombe-my.sharepoint.com/personal/x",
    "https://1drv.ms/w/s!abc",
    "https://teams.microsoft.com/l/file/abc",
    "http://intranet/policies",
    "https://intranet.ashcombe.example.org/policies",
    "http://server01/share/plan.pdf",
    "https://files.local/plan",
    "https://drive.google.com/file/d/1",
    "https://docs.google.com/document/d/1",
    "https://www.dropbox.com/s/abc/plan.pdf",
    "https://app.box.com/s/abcdef",
    "http://10.1.2.3/plan",
    "http://192.168.0.4/plan",
    "http://172.20.0.4/plan",
    "file:///S:/Safeguarding/plan.docx",
    "S:\\Safeguarding\\plan.docx",
    "\\\\server01\\safeguarding\\plan.docx",
)
PUBLIC = (
    "https://www.ashcombe.example.org/plan",
    "http://ashcombe.example.org:8080/plan",
    "https://www.gov.uk/government/publications/working-together-to-safeguard-children--2",
    "https://reports.example.org/1060/local-area",
    "https://100.example.org/plan",
    "https://103.1.2.3/plan",
)


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_of_one_organisation_is_private_as_a_link_and_typed_out(address: str) -> None:
    assert is_private_link(address)
    assert has_private_link(f"Evidence: see {address}, section 2.")


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_that_everybody_can_open_is_not(address: str) -> None:
    assert not is_private_link(address)
    assert not has_private_link(f"Evidence: see {address}, section 2.")


@pytest.mark.parametrize("text", ["health/police/council", "1/2/2027", "and/or", "24/7 cover", "see p.3\\4"])
def test_a_stroke_is_no_address(text: str) -> None:
    assert not has_private_link(text)
