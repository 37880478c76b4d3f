"""An agenda fills its session whatever its length, and gives RED challenges twice the time of others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peer_challenge.model.agenda import USUAL_AGENDA, check_agenda_line, read_agenda_line, share_out_minutes

ITEMS = [read_agenda_line(line) for line in USUAL_AGENDA]


@given(st.integers(15, 600), st.integers(0, 40), st.integers(0, 40))
def test_the_minutes_add_up_and_the_conversation_keeps_its_part(minutes: int, reds: int, others: int) -> None:
    shared = share_out_minutes(ITEMS, minutes, {"RED": reds, "OTHER": others})
    assert sum(item.minutes for item in shared) == pytest.approx(minutes)
    talk = sum(item.minutes for item in shared if item.about)
    assert talk == pytest.approx(minutes * 105 / 180)
    each = {item.about: item.minutes for item in shared if item.about}
    if reds and others:
        assert each["RED"] / reds == pytest.approx(2 * each["OTHER"] / others)
    elif reds or others:
        assert list(each) == ["RED" if reds else "OTHER"]


def test_without_counts_each_item_keeps_its_share() -> None:
    assert [item.minutes for item in share_out_minutes(ITEMS, 90)] == [5, 10, 32.5, 5, 20, 12.5, 5]


@pytest.mark.parametrize(
    "line", ["", "Welcome", "ten | Welcome", "0 | Welcome", "10 |", "5 | Talk | All | BLUE"]
)
def test_a_line_that_says_no_item_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="should"):
        check_agenda_line(line)
