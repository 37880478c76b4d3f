"""A region's figures: they stay as they are once anybody has them."""

from datetime import UTC, datetime

import pytest

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.errors import WrongUse
from peer_challenge.model.indicators import Indicator
from peer_challenge.model.vocabulary import DispatchKind, Role
from peer_challenge.register import outbox
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register
from peer_challenge.steering.give_indicators import give_indicators
from tests.factories import a_cycle

CYCLE = a_cycle(4)
NOW = datetime(2027, 2, 20, 10, tzinfo=UTC)
FIRST = CYCLE.authors[0].id


@pytest.mark.parametrize(
    ("kind", "role"), [(DispatchKind.DATA_SHEET, Role.AUTHOR), (DispatchKind.ANALYSIS_PACK, Role.CHALLENGER)]
)
def test_figures_that_somebody_has_can_not_be_changed(
    register: Register, kind: DispatchKind, role: Role
) -> None:
    figures = [Indicator("Re-referrals", "per cent", "lower", {FIRST: "19"})]
    with register.writing() as connection:
        store_cycle(connection, CYCLE, shipped_frameworks()[CYCLE.framework], at=NOW, actor="office")
        give_indicators(connection, CYCLE, figures, at=NOW, actor="office")
        outbox.intend_dispatch(
            connection,
            kind,
            role,
            FIRST,
            key="sheet",
            at=NOW,
            cycle_id=CYCLE.id,
            challenge_id=f"{CYCLE.id}/{FIRST}",
        )
        give_indicators(connection, CYCLE, figures, at=NOW, actor="office")  # nobody has anything yet
        connection.execute(t.dispatches.update().values(state="issued", issued_at=NOW))
        with pytest.raises(WrongUse, match="figures or a pack already"):
            give_indicators(connection, CYCLE, [], at=NOW, actor="office")
