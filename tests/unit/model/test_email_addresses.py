"""Addresses as people copy them are made what a mail program takes, or are no address."""

import pytest

from peer_challenge.model.cycle import Contact
from peer_challenge.model.email_addresses import clean_address, is_address

MEANT = "lead.officer@north-wolds.example.org"


@pytest.mark.parametrize(
    "written",
    [
        *(MEANT, f" {MEANT} ", f"mailto:{MEANT}", f"MAILTO: {MEANT}", f"mailto:{MEANT}?subject=Our%20form"),
        *(f"Lead officer <{MEANT}>", f'"Officer, Lead" <{MEANT}>', f"<{MEANT}>", f"Lead <mailto:{MEANT}>"),
        *(f"{MEANT};", f"{MEANT},", f"; {MEANT} ;", f"{MEANT}.", f"({MEANT})", f"“{MEANT}”", f"'{MEANT}'"),
        *(f"\u00a0{MEANT}\u200b", f"\ufeff{MEANT}", f"{MEANT}\r\n", f"\u202a{MEANT}\u202c", f"{MEANT}\u00ad"),
        *(MEANT.replace("-", "\u2011"), MEANT.replace("-", "–"), MEANT.replace("@", "＠")),
        *(
            f"mailto://{MEANT}",
            f"mailto:{MEANT.replace('@', '%40')}",
            f"<mailto:{MEANT}|{MEANT}>",
            f"smtp:{MEANT}",
        ),
        *(f"Email: {MEANT}", f"E: {MEANT}", f"e-mail – {MEANT}", f"To: {MEANT}", f"Work email: {MEANT}"),
        *(f"{MEANT} (work)", f"{MEANT}\t", f"\u200f{MEANT}", f"sip:{MEANT}"),
        *(f"{MEANT}¹", f"{MEANT}²\u2074", f"*{MEANT}", f"!{MEANT}", f"• {MEANT}", f"- {MEANT}", f"{MEANT}*"),
        *(f"[{MEANT}](mailto:{MEANT})", f"Lead officer: <{MEANT}>;", f"Lead officer <{MEANT}>,"),
    ],
)
def test_what_is_one_address_is_cleaned(written: str) -> None:
    assert clean_address(written) == MEANT and is_address(MEANT)
    assert Contact(name="Lead", email=written).email == MEANT


def test_an_apostrophe_of_a_name_stays_and_is_plain() -> None:
    assert clean_address("mailto:k.o’neill@area.example.org") == "k.o'neill@area.example.org"


@pytest.mark.parametrize(
    "written",
    [
        *("a@x.example.org; b@x.example.org", "a@x.example.org, b@x.example.org", "a@x.example.org b@x"),
        *("lead officer", "@area.example.org", "lead@", "lead@area", "lead at area.example.org", "n/a"),
        *("le\u0430d@area.example.org", "lead@@area.example.org", ".lead@area.example.org", "-"),
        *("lead@area..example.org", "lead@-area.example.org", "lead@area_x.example.org", "le ad@x.org"),
        *("mailto://", "Email:", "tel:0123", "lead[at]area.example.org", "lead@[10.0.0.1]", "lead@localhost"),
        *(
            "undisclosed-recipients:;",
            "lead %40area.example.org",
            "üser@area.example.org",
            "lead @area.example.org",
        ),
        f"{'a' * 250}@x.org",
        "lead_area.example.org#EXT#@office.onmicrosoft.com",
    ],
)
def test_what_is_none_or_two_is_no_address(written: str) -> None:
    assert not is_address(clean_address(written))


def test_cleaning_twice_changes_nothing() -> None:
    for written in ("mailto:a@b.org", "x <a@b.org>;", "a@b.org; c@d.org", "nonsense"):
        assert clean_address(clean_address(written)) == clean_address(written)
