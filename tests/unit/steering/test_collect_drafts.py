"""Drafts go into one ZIP file only where the office sends them, and each only to those with a right to it."""

import csv
import io
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa

from peer_challenge.errors import WrongUse
from peer_challenge.register import messages
from peer_challenge.register import tables as t
from peer_challenge.steering.collect_drafts import LIST_NAME, write_drafts_zip
from tests.unit.post.conftest import AT, Office, OpenOffice, open_office

__all__ = ["open_office"]


def _write(office: Office, into: Path) -> zipfile.ZipFile:
    numbers = [one.id for one in office.list_messages()]
    write_drafts_zip(office.register, office.settings, numbers, into, at=AT, actor="office")
    return zipfile.ZipFile(into)


def test_a_document_of_somebody_else_is_in_no_draft_and_the_list_says_so(
    open_office: OpenOffice, tmp_path: Path
) -> None:
    office = open_office(delivery="drafts")
    first, second = office.list_messages()[:2]
    with office.register.writing() as connection:
        (theirs, *_) = messages.list_dispatches_of(connection, [second.id])[second.id]
        connection.execute(
            t.dispatches.update()
            .where(t.dispatches.c.id == theirs.id)
            .values(recipient_id=first.recipient_id)
        )
    packed = _write(office, tmp_path / "drafts.zip")
    rows = list(csv.DictReader(io.StringIO(packed.read(LIST_NAME).decode("utf-8-sig"))))
    (left_out,) = (row for row in rows if not row["File"])
    assert left_out["Note"].startswith("Not here:") and "do not send it by hand" in left_out["Note"]
    assert len(packed.namelist()) == len(rows) == len(office.list_messages())
    with office.register.reading() as connection:
        noted = connection.scalars(
            sa.select(t.journal.c.details).where(t.journal.c.event == "message downloaded")
        ).all()
    assert {one["message"] for one in noted} == {one.id for one in office.list_messages()} - {second.id}


@pytest.mark.parametrize("way", ["send", "folder"])
def test_what_leaves_by_itself_is_not_given_to_be_sent_by_hand(
    open_office: OpenOffice, tmp_path: Path, way: str
) -> None:
    office = open_office(delivery=way)
    with pytest.raises(WrongUse, match="leave by themselves"):
        _write(office, tmp_path / "drafts.zip")
