"""What the page answers to an upload tells nobody a pair or a Chair before they were told of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from peer_challenge.dispatches.render_dispatch import render_dispatch_file
from peer_challenge.intake.hand_in import NOT_YOURS, admit_upload
from peer_challenge.model.vocabulary import Kind
from peer_challenge.partners import proposals
from peer_challenge.register import access_facts, people
from peer_challenge.register.uploads import find_person_by_id
from peer_challenge.word.write.render_template import WordTemplates
from tests.factories import some_facts
from tests.web.world import NOW, World, an_empty_world, contact_of, day, send_self_assessments


def answer_to(world: World, email: str, form: bytes) -> str | None:
    """What somebody is told who sends in a form: None where it is taken in."""
    with world.register.reading() as connection:
        user = people.find_user_by_email(connection, email)
        person = find_person_by_id(connection, user.id if user else 0)
    assert person is not None
    return admit_upload(world.register, world.settings, person, "form.docx", form, NOW)


def a_form_for(world: World, author: str, challenger: str) -> bytes:
    """The form of an analysis with the marks of this pair, whether the areas are one or not."""
    facts = some_facts(Kind.ANALYSIS, author)
    return render_dispatch_file(
        replace(facts, challenger=world.cycle.participant[challenger]), WordTemplates()
    )


def challenged_by(world: World, area: str) -> list[str]:
    """The authors that an area challenges, in order."""
    with world.register.reading() as connection:
        found = access_facts.challenges_of_cycle(connection, world.cycle.id)
    return [scope.author_id for _, scope in found if scope.challenger_id == area]


@pytest.mark.threat("area-reads")
def test_approved_partners_are_told_by_no_answer_before_anything_goes_out(tmp_path: Path) -> None:
    world = an_empty_world(tmp_path / "home")
    send_self_assessments(world)
    proposals.propose_for(world.register, world.cycle, day(3, 1))
    with world.register.writing() as connection:
        proposals.approve_latest(connection, world.cycle, day(3, 1), reason="as proposed", actor="office")
    asked, *others = [author.id for author in world.cycle.authors]
    forms = {author: a_form_for(world, author, asked) for author in others}
    [challenged] = challenged_by(world, asked)
    before = {author: answer_to(world, contact_of(asked), form) for author, form in forms.items()}
    assert before == dict.fromkeys(others, NOT_YOURS)
    world.advance(day(3, 1))  # the notices and packs are made
    after = {author: answer_to(world, contact_of(asked), form) for author, form in forms.items()}
    assert after == {**before, challenged: None}
