"""A second copy under the name that a sync program gives is a question, and no silent second version."""

from datetime import timedelta

import pytest

from peer_challenge.intake.conflict_copies import is_conflict_copy
from peer_challenge.register.archive import sha256_of
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings
from tests.unit.intake.emails.office import AT, Office, form, open_cycle


@pytest.fixture
def office(settings: Settings, register: Register) -> Office:
    return open_cycle(register, settings)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("form-DESKTOP-9QX.docx", "form.docx"),
        ("form-LAPTOP-AB12CD.docx", "form.docx"),
        ("form-CH00412.docx", "form.docx"),
        ("form (1).docx", "form.docx"),
        ("form(2).docx", "form.docx"),
        ("form - Copy.docx", "form.docx"),
        ("form - Copy (2).docx", "form.docx"),
        ("form (Manager's conflicted copy 2027-02-10).docx", "form.docx"),
        ("form (conflicted copy 2027-02-10 101112).docx", "form.docx"),
        ("form.sync-conflict-20270210-101112-ABCDEFG.docx", "form.docx"),
        ("form_conflict-20270210-101112.docx", "form.docx"),
        ("form.docx", "form (1).docx"),
        ("Form (1).docx", "form.docx"),
    ],
)
def test_names_of_copies_are_known(name: str, other: str) -> None:
    assert is_conflict_copy(name, other)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("form.docx", "form.docx"),
        ("form (1).docx", "form (1).docx"),
        ("form v2.docx", "form.docx"),
        ("form-V2.docx", "form.docx"),
        ("form-FINAL.docx", "form.docx"),
        ("form-corrected.docx", "form.docx"),
        ("Ashcombe.docx", "Eastholme (1).docx"),
        ("(1).docx", "form.docx"),
    ],
)
def test_other_names_are_no_copies(name: str, other: str) -> None:
    assert not is_conflict_copy(name, other)


def test_a_second_copy_on_the_same_day_is_asked_about_and_the_first_stays_in_force(office: Office) -> None:
    office.take_in(form(seed=1), name="form.docx")
    [told] = office.take_in(form(seed=2), name="form-DESKTOP-9QX.docx")
    assert told["outcome"] == "queried"
    assert "intake.conflict_copy" in office.findings(2)
    assert [row.is_current for row in office.rows()] == [True, False]


def test_the_same_copy_again_is_no_answer_and_under_another_name_it_is(office: Office) -> None:
    first, second = form(seed=1), form(seed=2)
    office.take_in(first, name="form.docx")
    office.take_in(second, name="form (1).docx")
    office.take_in(second, name="form (1).docx", at=AT + timedelta(days=1))
    assert len(office.rows()) == 2
    office.take_in(second, name="the agreed form.docx", at=AT + timedelta(days=1))
    assert [row.sha256 for row in office.rows() if row.is_current] == [sha256_of(second)]


def test_on_another_day_or_after_questions_it_is_a_version_like_any_other(office: Office) -> None:
    office.take_in(form(seed=1), name="form.docx")
    office.take_in(form(seed=2), name="form (1).docx", at=AT + timedelta(days=1))
    assert "intake.conflict_copy" not in office.findings(2)
    assert [row.is_current for row in office.rows()] == [False, True]
