"""What lies in recycle bins, indexes and folders of versions is nobody's return; an open form waits."""

import os
import time
from pathlib import Path

import pytest

from peer_challenge.intake.inbox import Inbox, make_inbox_from_settings
from peer_challenge.settings import Settings
from tests.unit.intake.test_inbox import put_file

DAY = 24 * 3600


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    settings = Settings(home=tmp_path, settle_seconds=0)
    settings.inbox_folder.mkdir()
    return make_inbox_from_settings(settings)


def _told(inbox: Inbox) -> dict[str, str]:
    return {left.name: left.why for left in inbox.ready()[1]}


def test_nothing_is_taken_from_a_recycle_bin_and_the_office_sees_how_much_is_in_it(inbox: Inbox) -> None:
    put_file(inbox, "form.docx")
    put_file(inbox, "#recycle/draft.docx")
    put_file(inbox, "$RECYCLE.BIN/S-1-5-21/$RAB12CD.docx")
    put_file(inbox, "Ashcombe/@eaDir/form.docx@SynoEAStream")
    put_file(inbox, "Brackenford/@eaDir/form.docx/SYNOFILE_THUMB_M.png")
    put_file(inbox, "Ashcombe/.stversions/form~20270101.docx")
    assert [path.name for path in inbox.ready()[0]] == ["form.docx"]
    assert inbox.look().left == ()
    told = _told(inbox)
    assert set(told) == {"#recycle", "$RECYCLE.BIN", "@eaDir", ".stversions"}
    assert told["#recycle"] == "is a recycle bin: what is in it was deleted (1 file). Nothing in it is read"
    assert "(2 files)" in told["@eaDir"]
    assert "earlier versions" in told[".stversions"]


def test_an_empty_folder_of_a_program_is_not_told(inbox: Inbox) -> None:
    (inbox.folder / "#recycle").mkdir()
    assert inbox.look().ignored == ()


def test_a_hidden_folder_with_documents_is_told(inbox: Inbox) -> None:
    put_file(inbox, ".Ashcombe/form.docx")
    assert inbox.waiting() == []
    assert "hidden folder" in _told(inbox)[".Ashcombe"]


def test_a_bin_that_is_a_link_is_not_entered(inbox: Inbox, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "form.docx").write_bytes(b"PK")
    (inbox.folder / "@Recycle").symlink_to(tmp_path / "elsewhere")
    assert inbox.look().ignored == ()
    assert _told(inbox)["@Recycle"] == "is a link, not a file"


@pytest.mark.parametrize("owner", ["~$form.docx", ".~lock.form.docx#", "~$FORM.DOCX"])
def test_a_form_that_somebody_has_open_is_left_until_they_close_it(inbox: Inbox, owner: str) -> None:
    form, other = put_file(inbox, "Ashcombe/form.docx"), put_file(inbox, "form.docx")
    mark = put_file(inbox, f"Ashcombe/{owner}")
    assert inbox.ready()[0] == [other]
    assert "is open in Word" in _told(inbox)["form.docx"]
    assert inbox.waiting() == [other]
    mark.unlink()
    assert set(inbox.ready()[0]) == {form, other}


def test_an_owner_file_that_a_crash_left_behind_holds_nothing_up(inbox: Inbox) -> None:
    form, mark = put_file(inbox, "form.docx"), put_file(inbox, "~$form.docx")
    os.utime(mark, (time.time() - DAY - 60,) * 2)
    assert inbox.ready()[0] == [form]


def test_an_owner_file_whose_clock_is_ahead_is_old_after_a_day_as_well(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, mark = put_file(inbox, "form.docx"), put_file(inbox, "~$form.docx")
    os.utime(mark, (time.time() + 400 * DAY,) * 2)
    assert inbox.ready()[0] == []
    now = time.time()
    monkeypatch.setattr("time.time_ns", lambda: round((now + DAY + 60) * 1e9))
    assert inbox.ready()[0] == [form]


def test_a_file_whose_clock_is_ahead_is_neither_held_up_nor_taken_for_the_latest(inbox: Inbox) -> None:
    ahead = put_file(inbox, "first.docx")
    os.utime(ahead, (time.time() + 400 * DAY,) * 2)
    time.sleep(0.05)
    later = put_file(inbox, "second.docx")
    assert inbox.ready()[0] == [ahead, later]
    assert inbox.look().waiting[0].since.timestamp() <= time.time()


@pytest.mark.parametrize(
    "name",
    ["~ final form.docx", "~form.docx", "~return.odt", "~Ashcombe/form.docx", "~ our return", "~draft.msg"],
)
def test_a_document_that_somebody_named_with_a_tilde_is_read(inbox: Inbox, name: str) -> None:
    put_file(inbox, name)
    assert [path.name for path in inbox.ready()[0]] == [name.rpartition("/")[2]]


@pytest.mark.parametrize(
    "name", ["~$form.docx", "~WRD0001.tmp", "~WRL0003.tmp", "~WRD0001.docx", "~DF12AB.x"]
)
def test_what_word_keeps_for_itself_is_passed_over(inbox: Inbox, name: str) -> None:
    put_file(inbox, name)
    assert inbox.ready() == ([], [])


@pytest.mark.parametrize("name", [".form.docx", ". final form.docx", ".return.odt", "form.asd", "form.wbk"])
def test_what_somebody_may_have_sent_and_is_not_read_for_its_name_is_told_at_once(
    inbox: Inbox, name: str
) -> None:
    put_file(inbox, name)
    (left,) = inbox.look().left
    assert left.name == name and "begins with a letter" in left.remedy


def test_an_apple_document_that_arrives_as_a_folder_is_told_and_its_parts_are_not_read(inbox: Inbox) -> None:
    put_file(inbox, "Our return.pages/Index.zip")
    put_file(inbox, "Our return.pages/preview.jpg")
    assert inbox.ready()[0] == []
    (left,) = inbox.look().left
    assert left.name == "Our return.pages" and "Export To, Word" in left.remedy
