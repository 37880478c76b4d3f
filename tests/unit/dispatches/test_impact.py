"""What a region can say at the end: how long steps took, and what areas said of the challenge."""

from dataclasses import replace
from datetime import timedelta

import pandas as pd

from peer_challenge.dispatches.gather_region import region_facts
from peer_challenge.dispatches.impact import AGAIN, BETTER, CHANGED, count_recommending
from peer_challenge.dispatches.named_overview import build_overview_words
from peer_challenge.dispatches.published_overview import build_published_words
from peer_challenge.dispatches.regional_counts import build_named_view
from peer_challenge.dispatches.regional_tables import build_tables_by_name
from peer_challenge.dispatches.render_dispatch import render_dispatch_file
from peer_challenge.dispatches.samples.sample_facts import sample_facts
from peer_challenge.model.vocabulary import DispatchKind, Kind
from peer_challenge.register import tables as t
from peer_challenge.register.database import Register
from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.write.render_template import WordTemplates
from tests.factories import its_framework
from tests.fill_form import fill_form
from tests.unit.dispatches.earlier_cycle import OPENED_AT, earlier_cycle, open_cycle, send_in
from tests.unit.word_reading.forms_to_read import known

SAID = {CHANGED: "We share one list.", BETTER: "More time.", AGAIN: "Yes"}


def test_the_last_report_asks_three_questions_and_their_answers_are_read() -> None:
    facts = sample_facts(DispatchKind.PROGRESS_REPORT_FORM)
    last = replace(facts, review=len(facts.cycle.rules.review_months))
    form = render_dispatch_file(last, WordTemplates())
    reading = read_document(fill_form(form, dict(SAID)), known())
    assert {name: reading.particulars[name] for name in SAID} == SAID
    assert reading.unmapped == []
    unanswered = read_document(form, known())
    assert [finding.code for finding in unanswered.findings] == ["form.blank"]
    first = read_document(render_dispatch_file(facts, WordTemplates()), known())
    assert not SAID.keys() & first.particulars.keys()


def test_overview_and_tables_have_the_days_of_each_step_and_what_was_said(register: Register) -> None:
    cycle = earlier_cycle()
    area, other = (one.id for one in cycle.authors[:2])
    open_cycle(register, cycle)
    report = send_in(register, cycle, area, Kind.PROGRESS_REPORT, [], review=2)
    with register.writing() as connection:
        for position, (name, value) in enumerate(SAID.items()):
            connection.execute(
                t.particulars.insert().values(
                    submission_id=report, position=position, field=name, value=value
                )
            )
        for who, days in ((area, 10), (other, 40)):
            connection.execute(
                t.challenges.update()
                .where(t.challenges.c.id == f"{cycle.id}/{who}")
                .values(
                    self_assessment_received_at=OPENED_AT + timedelta(days=days),
                    pack_issued_at=OPENED_AT + timedelta(days=days + 3),
                )
            )
        region = region_facts(connection, cycle, its_framework(cycle), OPENED_AT.date())
    sample = sample_facts(DispatchKind.REGIONAL_OVERVIEW)
    facts = replace(sample, cycle=cycle, framework=its_framework(cycle), region=region)
    words = build_overview_words(facts, build_named_view(facts))
    assert [
        (row["step"], row["areas"], row["fewest"], row["middle"], row["most"]) for row in words["steps"]
    ] == [
        ("Self-assessment", 2, 10, 25, 40),
        ("Pairing areas", 2, 3, 3, 3),
    ]
    assert [row["changed"] for row in words["feedback"]] == ["We share one list."]
    tables = build_tables_by_name(facts)
    assert tables["About the challenge"][1][1:] == list(SAID.values())
    assert len(tables["Days"]) == 5


def test_the_edition_without_names_gives_a_share_of_many_and_no_words() -> None:
    facts = sample_facts(DispatchKind.REGIONAL_OVERVIEW_ANONYMISED)
    assert facts.region is not None
    people = [area.id for area in facts.cycle.authors]
    rows = [(area, AGAIN, "No" if n < 3 else "Yes") for n, area in enumerate(people)]
    for count, is_told in ((len(people), True), (3, False)):
        feedback = pd.DataFrame(rows[:count], columns=["participant", "field", "value"])
        said = replace(facts, region=replace(facts.region, feedback=feedback))
        assert count_recommending(build_named_view(said)) == (max(0, count - 3), count)
        lines = [line for line in build_published_words(said)["in_brief"] if "recommend" in line]
        assert bool(lines) == is_told and all(
            "More than half of the areas that answered" in line for line in lines
        )
