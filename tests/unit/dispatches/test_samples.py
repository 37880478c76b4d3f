"""Samples have the shape of real facts, and say what the product would say."""

from dataclasses import fields, is_dataclass
from typing import Any

import pandas as pd
import pytest

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.dispatches.gather_region import region_facts
from peer_challenge.dispatches.kinds import KINDS, Need
from peer_challenge.dispatches.samples import sample_texts as texts
from peer_challenge.dispatches.samples.sample_area import (
    own_records,
    records_with,
    sample_cycle,
    sample_framework,
)
from peer_challenge.dispatches.samples.sample_facts import sample_facts
from peer_challenge.dispatches.schedule_rows import schedule_rows
from peer_challenge.model.challenge import recipient_of
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.model.vocabulary import Kind, Role
from peer_challenge.register import frames
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register
from peer_challenge.submissions.checked_against import SubmissionContext
from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.form.forms import FORMS
from tests.fill_form import fill_form
from tests.judged import judge_reading
from tests.unit.word_reading.forms_to_read import blank, known


def read_version(records: list[dict[str, Any]], particulars: dict[str, str]) -> Reading:
    """The sample author's form filled in with one version of what it wrote, and read."""
    values: dict[Any, str] = dict(particulars)
    for record in records:
        for column in ("strengths", "development"):
            values[record["subheading"], column] = record[column]
        if record["rating_as_written"] != texts.NOT_CHOSEN:
            values[record["subheading"], "rating"] = record["rating_as_written"]
    return read_document(fill_form(blank(), values), known())


FIRST_VERSION: dict[tuple[str, str], str] = {
    ("leadership/vision-priorities", "rating"): "Amber/Green",
    ("leadership/delegation", "rating"): texts.NOT_CHOSEN,
    ("education-settings/youth-custody", "development"): "",
    ("education-settings/residential-homes", "rating"): "Not applicable",
    ("education-settings/residential-homes", "strengths"): "",
    ("education-settings/residential-homes", "development"): "",
}
"""What stood in some cells of the first version that the sample author sent: it was asked about these."""

FIRST_SIGN_OFF = {
    field: value
    for field, value in texts.SIGN_OFF.items()
    if field not in ("signed_off_police", "signed_on_police")
}


@pytest.mark.parametrize(
    ("kind", "cells", "particulars"),
    [(D.QUERY_LETTER, FIRST_VERSION, FIRST_SIGN_OFF), (D.RECEIPT, {}, texts.SIGN_OFF)],
    ids=["query letter", "receipt"],
)
def test_a_sample_has_the_findings_that_the_checks_say_of_such_a_form(kind, cells, particulars):
    facts = sample_facts(kind)
    reading = read_version(records_with(cells), particulars)
    context = SubmissionContext(cycle=facts.cycle, framework=sample_framework())
    assert facts.submission is not None
    assert list(facts.submission.findings) == judge_reading(reading, context)


def test_sample_records_are_what_reading_such_a_form_gives():
    reading = read_version(records_with(FIRST_VERSION), FIRST_SIGN_OFF)
    read = [{column: row[column] for column in own_records()[0]} for row in reading.rows]
    for row in read:
        row["rating"] = row["rating"] and str(row["rating"])
    assert read == records_with(FIRST_VERSION)


def test_particulars_are_fields_of_their_forms():
    assert set(texts.SIGN_OFF) <= {field.id for field in FORMS[Kind.SELF_ASSESSMENT].fields}
    assert set(texts.CHAIR_RECORD) <= {field.id for field in FORMS[Kind.CHAIR_RECORD].fields}


def shape(value: Any) -> Any:
    """Of a table its columns, of a record the type of each field, of anything else its type."""
    if isinstance(value, pd.DataFrame):
        return list(value.columns)
    if is_dataclass(value):
        return {field.name: shape(getattr(value, field.name)) for field in fields(value)}
    return type(value)


@pytest.fixture
def opened(register: Register) -> Register:
    """The sample cycle, opened."""
    facts = sample_facts(D.SELF_ASSESSMENT_TEMPLATE)
    framework = shipped_frameworks()[facts.cycle.framework]
    with register.writing() as connection:
        store_cycle(connection, facts.cycle, framework, at=facts.stamped_at.astimezone(), actor="office")
    return register


@pytest.mark.parametrize("kind", [D.REGIONAL_TABLES, D.MONDAY_BRIEF])
def test_a_sample_region_has_the_shape_of_one_from_the_register(kind, opened):
    facts = sample_facts(kind)
    with_contents = Need.CONTENTS in KINDS[kind].needs
    with opened.reading() as connection:
        real = region_facts(
            connection, facts.cycle, facts.framework, facts.issued_on, with_contents=with_contents
        )
    assert shape(facts.region) == shape(real)


def test_a_sample_standing_has_ids_and_names_where_the_registers_has():
    cycle, region = sample_cycle(), sample_facts(D.MONDAY_BRIEF).region
    assert region is not None
    ids = {"office", None, *cycle.participant, *cycle.chair}
    for standing in region.standings:
        assert standing.waiting_on in ids
        assert standing.author_name == cycle.participant[standing.author].name


def test_a_sample_schedule_has_the_columns_of_one_from_the_register():
    real = schedule_rows(sample_framework(), [], [], [])
    for kind, row in KINDS.items():
        rows = sample_facts(kind).rows
        if Need.CONTENTS in row.needs and Need.REGION not in row.needs:
            assert set(rows.columns) == set(real.columns) and len(rows) == len(real)
        else:
            assert rows.empty


def test_sample_items_have_the_columns_of_those_from_the_register(opened):
    with opened.reading() as connection:
        real = frames.recorded_items_of(connection, 0)
    assert list(sample_facts(D.CHAIR_SUMMARY).items.columns) == [*real.columns, "title"]


@pytest.mark.parametrize("kind", D)
def test_a_sample_has_what_its_kind_needs_and_nothing_else(kind):
    facts, needs = sample_facts(kind), KINDS[kind].needs
    assert (facts.submission is not None) == (Need.SUBMISSION in needs)
    assert (facts.reminder is not None) == (Need.REMINDER in needs)
    assert (facts.region is not None) == (Need.REGION in needs)
    assert bool(facts.reasons) == (Need.REASONS in needs)
    assert all(facts.dates[name] >= facts.issued_on or name in facts.met for name in facts.dates)


@pytest.mark.parametrize("role", Role)
def test_a_sample_goes_to_whom_the_register_would_send_it(role):
    facts = sample_facts(D.EVENT_TIMETABLE if role is Role.OFFICE else D.EVENT_INVITATION, role)
    assert facts.recipient == recipient_of(facts.cycle, role, facts.recipient.id)
