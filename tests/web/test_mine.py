"""What an area or a Chair sees first: what is due from them, and by when."""

import re
from html import unescape

from peer_challenge.model.days_in_words import short_weekday
from peer_challenge.model.vocabulary import Stage
from peer_challenge.register import challenges
from tests.web.conftest import As
from tests.web.world import World, contact_of


def list_due(page: str) -> list[tuple[str, str, str]]:
    """What, for whom and by when, as the page has it."""
    table = re.search(r"What is due from you, and by when</caption>(.*?)</table>", page, re.DOTALL)
    rows = re.findall(r"<tr>\s*<th scope=\"row\".*?</tr>", table[1], re.DOTALL) if table else []
    cells = [re.findall(r"<t[hd] [^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    plain = [[" ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in row] for row in cells]
    return [(what, whose, by) for what, whose, by in plain]


def test_each_challenger_sees_the_analysis_that_is_due_from_it(world: World, as_: As) -> None:
    with world.register.reading() as connection:
        rows = challenges.list_challenges_in_cycle(connection, world.cycle.id)
        due = challenges.due_dates_in(connection, world.cycle.id)
    names = {area.id: area.name for area in world.cycle.participants}
    in_analysis = [row for row in rows if row.stage is Stage.IN_ANALYSIS]
    assert in_analysis
    for row in in_analysis:
        shown = list_due(as_(contact_of(row.challenger_id or "")).get("/mine").text)
        day = due[row.id]["analysis_due"]
        found = [by for what, whose, by in shown if what == "Peer analysis" and names[row.author_id] in whose]
        assert len(found) == 1 and found[0].startswith(short_weekday(day))


def test_nobody_sees_what_is_due_from_another(world: World, as_: As) -> None:
    with world.register.reading() as connection:
        rows = challenges.list_challenges_in_cycle(connection, world.cycle.id)
    for row in rows:
        if row.stage is Stage.IN_ANALYSIS:  # its challenger is at work, and nothing is due from its author
            shown = list_due(as_(contact_of(row.author_id)).get("/mine").text)
            own = next(area.name for area in world.cycle.participants if area.id == row.author_id)
            assert not [what for what, whose, _ in shown if own in whose]
