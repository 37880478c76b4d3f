"""A rejected document is read again only where that can change something."""

from pathlib import Path

import pytest

from peer_challenge.errors import WrongUse
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.vocabulary import Outcome
from peer_challenge.register import listings
from peer_challenge.steering.reread_submission import try_submission_again
from tests.web.world import NOW, an_empty_world


@pytest.mark.parametrize("megabytes", [0.001, 25])
def test_a_document_goes_back_to_the_inbox_where_reading_it_again_can_change_something(
    tmp_path: Path, megabytes: float
) -> None:
    world = an_empty_world(tmp_path / "home")
    (world.settings.inbox_folder / "plans.docx").write_bytes(b"x" * 1500)
    settings = world.settings.model_copy(update={"max_megabytes": megabytes})
    take_in_ready_documents(world.register, settings, NOW)
    with world.register.reading() as connection:
        (row,) = listings.list_submissions(connection, 9).rows
    assert row.outcome is Outcome.REJECTED
    put = world.settings.inbox_folder / "plans again.docx"

    def try_again() -> None:
        try_submission_again(
            world.register, world.settings, row, name=put.name, at=NOW, actor="Programme office"
        )

    is_too_large = megabytes < 1
    if is_too_large:
        try_again()
    else:
        with pytest.raises(WrongUse, match="would change nothing"):
            try_again()
    assert put.exists() is is_too_large
    with world.register.reading() as connection:
        assert ("document tried again" in listings.journal_events(connection)) is is_too_large
