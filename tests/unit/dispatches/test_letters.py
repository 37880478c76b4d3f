"""What each letter says: receipts, questions, notices, invitations, reminders, the Chair's papers."""

import io
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from docx import Document

from peer_challenge.dispatches import letters
from peer_challenge.dispatches.calendar_dispatch import make_calendar_entry
from peer_challenge.dispatches.chair_papers import build_summary_words
from peer_challenge.dispatches.facts import ReminderFacts, Replaced
from peer_challenge.dispatches.kinds import KINDS
from peer_challenge.dispatches.outgoing_file_names import build_file_name
from peer_challenge.dispatches.phrases import (
    changes_table,
    dates_table,
    format_full_day,
    replaced_words,
    subheading_title,
)
from peer_challenge.dispatches.render_dispatch import render_dispatch_file
from peer_challenge.dispatches.samples.sample_facts import sample_facts
from peer_challenge.model.challenge import Recipient
from peer_challenge.model.cycle import Chair, Contact, Receives
from peer_challenge.model.findings import Finding
from peer_challenge.model.sentences import join_in_words, say_how_many
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.model.vocabulary import Kind, Outcome, Role, Severity
from peer_challenge.word.form.forms import FORMS

LONDON = ZoneInfo("Europe/London")
EQUAL, NAMED = "leadership/equal-duty", "leadership/named-partners"


def held(*findings, kind=Kind.SELF_ASSESSMENT):
    facts = sample_facts(D.QUERY_LETTER)
    return replace(facts, submission=replace(facts.submission, kind=kind, findings=findings))


def query(code="rating.missing", subheading=EQUAL, column="rating", message="There is no rating here."):
    return Finding(code, Severity.QUERY, message, "Choose one.", subheading, column)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_submission_has_a_receipt_and_a_letter_of_questions(kind, templates):
    for dispatch in (D.RECEIPT, D.QUERY_LETTER):
        facts = sample_facts(dispatch)
        facts = replace(facts, submission=replace(facts.submission, kind=kind))
        assert render_dispatch_file(facts, templates)


def test_a_receipt_counts_what_was_taken_in():
    context = letters.build_receipt_words(sample_facts(D.RECEIPT))
    assert context["taken_in"].startswith("46 sub-headings in 13 areas of focus. You wrote something under ")
    assert context["counts"] == {"red": 3, "amber": 21, "green": 22, "not_applicable": 0, "none": 0}


def test_a_receipt_gives_warnings_and_leaves_notes_and_questions_out():
    facts = sample_facts(D.RECEIPT)
    findings = tuple(Finding(f"c.{s}", s, f"Message {s}.", "Do.", EQUAL, "rating") for s in Severity)
    context = letters.build_receipt_words(
        replace(facts, submission=replace(facts.submission, findings=findings))
    )
    assert [(w["place"], w["message"]) for w in context["warnings"]] == [
        ("Equal and joint duty – RAG rating", "Message warn.")
    ]


def test_a_receipt_says_what_changed_with_empty_cells_named():
    context = letters.build_receipt_words(sample_facts(D.RECEIPT))
    assert [(c["place"], c["before"]) for c in context["changes"]] == [
        ("Equal and joint duty", "(empty)"),
        ("Youth custody", "The protocol is not signed."),
    ]


def test_questions_are_grouped_by_area_of_focus_in_the_order_of_the_form():
    context = letters.build_query_letter_words(
        held(query(subheading="funding/contributions"), query(), query(subheading=None))
    )
    assert [area["title"] for area in context["areas"]] == [
        "Leadership and the three safeguarding partners",
        "Funding and resources",
        "About the whole document",
    ]
    assert [q["number"] for area in context["areas"] for q in area["questions"]] == [1, 2, 3]


def test_a_question_about_text_outside_the_answers_quotes_it():
    apart, other = query("text.unplaced", None, None, "It could not be placed."), query(subheading=None)
    facts = held(apart, other)
    submission = replace(facts.submission, questioned={apart: ("We meet schools.", "We began…")})
    (area,) = letters.build_query_letter_words(replace(facts, submission=submission))["areas"]
    assert [q["message"] for q in area["questions"]] == [
        "It could not be placed. You wrote: “We meet schools.” “We began…”",
        "There is no rating here.",
    ]


def test_the_same_question_of_several_rows_is_asked_once_naming_them():
    (area,) = letters.build_query_letter_words(held(query(subheading=NAMED), query()))["areas"]
    assert [q["place"] for q in area["questions"]] == ["Named partners and Equal and joint duty – RAG rating"]


def test_no_question_is_lost_whatever_its_place():
    findings = [
        query(message=f"Message {n}.", subheading=address, column=column)
        for n, (address, column) in enumerate(
            (a, c) for a in (None, EQUAL, "strength/6", "no/such") for c in (None, "rating", "no-such")
        )
    ]
    context = letters.build_query_letter_words(held(*findings))
    asked = [q["message"] for area in context["areas"] for q in area["questions"]]
    assert sorted(asked) == sorted(f.message for f in findings)


def test_warnings_are_not_put_as_questions():
    warn = Finding("length.over", Severity.WARN, "Long.", "Shorten.", EQUAL, "strengths")
    assert letters.build_query_letter_words(held(warn, query()))["question_count"] == "1 question"


def words_of(facts, templates) -> str:
    document = Document(io.BytesIO(render_dispatch_file(facts, templates)))
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def test_the_letter_of_what_was_refused_says_so_and_promises_no_copy(templates):
    refused = Finding("partner.wrong", Severity.REJECT, "Of another pair.", "Send your own.")
    facts = held(refused)
    facts = replace(facts, submission=replace(facts.submission, outcome=Outcome.REJECTED))
    said = words_of(facts, templates)
    assert "We could not accept your self-assessment" in said
    assert "comes with this message" not in said
    assert "Send your own." in said


def test_the_letter_promises_a_copy_with_comments_where_one_goes_with_it(templates):
    said = words_of(held(query()), templates)
    assert "in the marked copy that comes with this message" in said
    assert "and return the copy to office@region.example by " in said
    assert f"The copy is called “{build_file_name(sample_facts(D.FIX_IT_COPY))}”." in said
    for code in ("open.zip_of_many", "email.several_versions"):
        several = Finding(code, Severity.QUERY, "Three forms.", "Send one.")
        assert "comes with this message" not in words_of(held(several), templates)


def test_the_copy_numbers_the_questions_as_the_letter_does(templates):
    facts = held(query(column=None), query(subheading=NAMED), query())
    copy = words_of(replace(facts, kind=D.FIX_IT_COPY), templates)
    assert re.findall(r"Point (\d): (.*)", copy) == [
        ("1", "Named partners – RAG rating"),
        ("1", "Equal and joint duty – RAG rating"),
        ("2", "Equal and joint duty"),
    ]
    assert [
        q["number"] for area in letters.build_query_letter_words(facts)["areas"] for q in area["questions"]
    ] == [
        1,
        2,
    ]


@pytest.mark.parametrize(
    ("days_left", "says"),
    [
        (8, "Your questions about Ashcombe are due in 8 days"),
        (-2, "Your questions about Ashcombe were due on"),
    ],
)
def test_a_reminder_calls_what_the_challenger_writes_questions(days_left, says):
    facts = sample_facts(D.REMINDER)
    assert facts.reminder is not None
    due = replace(facts.reminder, what="analysis_due", days_left=days_left, arrived=None)
    facts = replace(facts, reminder=due, recipient=replace(facts.recipient, role=Role.CHALLENGER), review=0)
    assert letters.describe_due_thing(facts).startswith(says)


def test_a_letter_of_questions_says_first_to_correct_the_copy_and_to_return_it(templates):
    opens = "Please correct the {} below in the marked copy that comes with this message, and return the copy"
    assert opens.format("point") in words_of(held(query()), templates)
    assert opens.format("2 points") in words_of(held(query(), query(column=None)), templates)
    several = Finding("open.zip_of_many", Severity.QUERY, "Three forms.", "Send one.")
    assert "Please answer the question below by " in words_of(held(several), templates)


def test_author_and_challenger_are_told_of_each_other_and_why():
    to_author, to_challenger = (
        letters.build_partner_notice_words(sample_facts(D.PARTNER_NOTICE, role))
        for role in (Role.AUTHOR, Role.CHALLENGER)
    )
    assert (to_author["other"], to_challenger["other"]) == ("North Wolds", "Ashcombe")
    assert to_author["title"] != to_challenger["title"]
    assert to_author["reasons"] == to_challenger["reasons"] != []
    assert not any(colour in str(to_author["reasons"]) for colour in ("RED", "AMBER", "GREEN"))


@pytest.mark.parametrize("minutes", [60, 90, 120, 180, 240])
def test_the_run_of_a_session_begins_and_ends_with_the_event(minutes):
    facts = sample_facts(D.EVENT_INVITATION)
    event = replace(facts.event, ends_at=facts.event.starts_at + timedelta(minutes=minutes))
    times = [row["time"] for row in letters.build_session_rows(replace(facts, event=event))]
    assert times == sorted(times)
    assert (times[0], times[-1]) == ("10:00", f"{event.ends_at:%H:%M}")


def test_everybody_has_the_same_agenda_and_it_gives_the_time_that_there_is():
    invited = [sample_facts(D.EVENT_INVITATION, role) for role in (Role.AUTHOR, Role.CHALLENGER, Role.CHAIR)]
    briefed = [sample_facts(D.CHALLENGER_BRIEFING), sample_facts(D.CHAIR_BRIEFING)]
    agenda, *others = (letters.build_session_rows(facts) for facts in (*invited, *briefed))
    assert all(one == agenda for one in others)
    begins = [datetime.strptime(row["time"], "%H:%M") for row in agenda]
    told = [re.search(r"\(\d+ sub-headings? in (\d+) minutes\)", row["what"]) for row in agenda]
    assert sum(each is not None for each in told) == 2
    for each, begun, ends in zip(told, begins, begins[1:], strict=False):
        assert each is None or int(each[1]) == (ends - begun).total_seconds() / 60
    assert {row["who"] for row in agenda} == {
        "Independent Chair",
        "Ashcombe",
        "North Wolds, then Ashcombe",
        "",
    }


def test_times_are_londons_in_summer():
    facts = sample_facts(D.EVENT_INVITATION)
    utc = replace(
        facts.event,
        starts_at=datetime(2027, 5, 13, 9, tzinfo=ZoneInfo("UTC")),
        ends_at=datetime(2027, 5, 13, 12, tzinfo=ZoneInfo("UTC")),
    )
    assert letters.build_session_rows(replace(facts, event=utc))[0]["time"] == "10:00"


def test_a_changed_event_says_that_it_replaces_the_earlier_one():
    facts = sample_facts(D.EVENT_INVITATION)
    assert not letters.build_invitation_words(facts)["is_changed"]
    moved = replace(facts, replaces=Replaced(date(2027, 4, 1)))
    assert letters.build_invitation_words(moved)["is_changed"]


@pytest.mark.parametrize(
    ("left", "says", "late"),
    [
        (14, "is due in 14 days, on Thursday 6 May 2027", False),
        (1, "is due tomorrow, Thursday 6 May 2027", False),
        (0, "is due today, Thursday 6 May 2027", False),
        (-1, "was due on Thursday 6 May 2027, 1 day ago, and we have not received it", True),
        (-9, "was due on Thursday 6 May 2027, 9 days ago, and we have not received it", True),
    ],
)
def test_a_reminder_says_how_it_stands_and_calls_nothing_overdue_on_its_day(left, says, late):
    facts = replace(
        sample_facts(D.REMINDER), reminder=ReminderFacts("response_due", date(2027, 5, 6), left, "rule")
    )
    context = letters.build_reminder_words(facts)
    assert (context["standing"], context["is_late"]) == (says, late)
    assert ("Overdue" in context["title"]) == late


@pytest.mark.parametrize(("left", "says"), [(7, "in 7 days, on "), (1, "tomorrow, "), (0, "today, ")])
def test_a_reminder_of_an_event_asks_for_no_form(left, says, templates):
    facts = replace(
        sample_facts(D.REMINDER), reminder=ReminderFacts("event_on", date(2027, 5, 6), left, "rule")
    )
    letter = Document(io.BytesIO(render_dispatch_file(facts, templates)))
    said = "\n".join(paragraph.text for paragraph in letter.paragraphs)
    assert f"Your challenge event takes place {says}Thursday 6 May 2027" in said
    assert "on its way already" not in said
    assert "form" not in said and "invitation" in said


@pytest.mark.parametrize(
    ("name", "thing"),
    [
        ("analysis_due", "Peer analysis"),
        ("action_plan_due", "Action plan"),
        ("event_by", "Challenge event"),
        ("chair_record_due", "Chair's record"),
        ("response_due", "Response to the challenge"),
    ],
)
def test_a_reminder_names_the_thing_and_not_the_deadline(name, thing):
    facts = replace(sample_facts(D.REMINDER), reminder=ReminderFacts(name, date(2027, 5, 6), 6, "rule"))
    assert letters.build_reminder_words(facts)["what"] == thing
    assert letters.build_reminder_words(facts)["title"] == f"Reminder: {thing}"


def test_what_is_met_is_no_date_to_come():
    dates = {"analysis_due": date(2027, 5, 20), "event_by": date(2027, 6, 7)}
    facts = replace(sample_facts(D.PARTNER_NOTICE), dates=dates, met={"analysis_due"})
    assert [row["what"] for row in letters.build_partner_notice_words(facts)["dates"]] == [
        "Challenge event, at the latest"
    ]


def test_dates_already_past_are_left_out():
    facts = replace(
        sample_facts(D.RECEIPT),
        issued_on=date(2027, 5, 1),
        dates={
            "analysis_due": date(2027, 4, 6),
            "event_by": date(2027, 6, 7),
            "response_due": date(2027, 5, 1),
        },
    )
    assert [row["what"] for row in dates_table(facts)] == [
        "Response to the challenge due",
        "Challenge event, at the latest",
    ]


def test_a_summary_keeps_the_chairs_order_and_words():
    context = build_summary_words(sample_facts(D.CHAIR_SUMMARY))
    assert [item["number"] for item in context["strengths"]] == [1, 2, 3]
    assert context["developments"][1]["text"].startswith("Keep one log")


def test_a_summary_numbers_each_kind_from_one_as_the_record_form_does():
    facts = sample_facts(D.CHAIR_SUMMARY)
    numbered = facts.items.assign(position=range(1, len(facts.items) + 1))
    context = build_summary_words(replace(facts, items=numbered))
    assert [item["number"] for item in context["developments"]][:2] == [1, 2]


def test_a_summary_without_items_says_so(templates):
    facts = sample_facts(D.CHAIR_SUMMARY)
    assert render_dispatch_file(replace(facts, items=pd.DataFrame(), particulars={}), templates)


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.CHALLENGER, Role.CHAIR])
def test_a_summary_asks_only_its_author_for_a_plan_and_names_challenger_and_chair(templates, role):
    facts = sample_facts(D.CHAIR_SUMMARY, role)
    document = Document(io.BytesIO(render_dispatch_file(facts, templates)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    assert ("Please return your action plan by" in text) == (role is Role.AUTHOR)
    assert ("now writes an action plan" in text) == (role is not Role.AUTHOR)
    assert ("You do not need to do anything" in text) == (role is not Role.AUTHOR)
    assert facts.challenger.name in text and facts.particulars["chair"] in text


def test_a_chair_can_be_the_one_reminded(templates):
    facts = sample_facts(D.REMINDER)
    chair = Chair(name="Chair four")
    assert render_dispatch_file(
        replace(facts, recipient=Recipient(Role.CHAIR, chair.id, chair.name)), templates
    )


@pytest.mark.parametrize(
    ("things", "said"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (["Wolds, City of", "b", "c"], "Wolds, City of; b; and c"),
    ],
)
def test_things_are_listed_as_in_a_sentence(things, said):
    assert join_in_words(things) == said


@pytest.mark.parametrize(
    ("things", "said"),
    [
        (["a, b (2)"], "a, b (2)"),
        (["a, b (2)", "c (1)"], "a, b (2) and c (1)"),
        (["a, b (2)", "c (1)", "d (1)"], "a, b (2), c (1) and d (1)"),
    ],
)
def test_things_that_show_where_they_end_need_no_semicolons(things, said):
    assert join_in_words(things, have_ends=True) == said


def test_one_is_singular():
    assert (say_how_many(1, "day"), say_how_many(2, "day"), say_how_many(0, "day")) == (
        "1 day",
        "2 days",
        "0 days",
    )


@pytest.mark.parametrize(
    ("arrived", "says"),
    [
        (Outcome.QUERIED, "has reached us. Please do what our message about it asks by Tuesday 11 May 2027."),
        (
            Outcome.REJECTED,
            "has reached us, but we could not accept it. Please correct it and send it again by "
            "Tuesday 11 May 2027.",
        ),
    ],
)
@pytest.mark.parametrize("left", [3, 0, -9])
def test_what_has_come_is_chased_for_answers_and_never_said_to_be_missing(arrived, says, left, templates):
    due = ReminderFacts(
        "response_due", date(2027, 5, 6), left, "rule", arrived=arrived, answer_by=date(2027, 5, 11)
    )
    facts = replace(sample_facts(D.REMINDER), reminder=due)
    letter = Document(io.BytesIO(render_dispatch_file(facts, templates)))
    said = "\n".join(paragraph.text for paragraph in letter.paragraphs)
    assert f"Your response to the challenge {says}" in said
    assert "Points still open: Response to the challenge" in said
    for words in ("not received", "Overdue", "Complete the form", "send it as soon as"):
        assert words not in said


def test_a_launch_letter_says_both_parts_of_an_area_and_a_draft_before_the_summary():
    facts = sample_facts(D.LAUNCH_LETTER)
    steps = [step["what"] for step in letters.build_launch_letter_words(facts)["steps"]]
    assert "You send us your questions for the area you challenge" in steps
    assert "You get your challenger’s questions" in steps
    assert "You get a draft of the Chair's summary" in steps
    rules = facts.cycle.rules.model_copy(update={"accuracy_days": 0, "review_months": (4,)})
    without = replace(facts, cycle=facts.cycle.model_copy(update={"rules": rules}))
    told = [(step["what"], step["when"]) for step in letters.build_launch_letter_words(without)["steps"]]
    assert not any("draft" in what for what, _ in told)
    assert told[-1] == ("You report on progress", "4 months after the plan")


def test_an_area_is_shown_no_date_that_others_have_to_meet():
    facts = sample_facts(D.REMINDER)
    day = facts.issued_on + timedelta(days=9)
    due = ("chair_record_due", "corrections_due", "challenger_corrections_due")
    facts = replace(facts, dates=dict.fromkeys(due, day), met=frozenset())
    seen = {
        role: [
            row["what"] for row in dates_table(replace(facts, recipient=replace(facts.recipient, role=role)))
        ]
        for role in (Role.AUTHOR, Role.CHALLENGER, Role.CHAIR)
    }
    assert seen[Role.AUTHOR] == seen[Role.CHALLENGER] == ["Corrected draft summary due"]
    assert seen[Role.CHAIR] == [
        f"Your record for {facts.author.name} due",
        f"Corrected draft summary due from {facts.author.name}",
        f"Corrected draft summary due from {facts.challenger.name}",
    ]


def test_a_reminder_does_not_repeat_its_own_date_in_a_table():
    facts = sample_facts(D.REMINDER)
    day = facts.issued_on + timedelta(days=7)
    facts = replace(
        facts,
        reminder=ReminderFacts("action_plan_due", day, 7, "rule"),
        dates={"action_plan_due": day, "progress_report_due": day + timedelta(days=90)},
        met=frozenset(),
    )
    assert [row["what"] for row in letters.build_reminder_words(facts)["dates"]] == ["Progress report due"]


def test_a_reminder_of_a_draft_says_that_no_answer_means_that_it_is_right(templates):
    facts = sample_facts(D.REMINDER)
    due = ReminderFacts("corrections_due", facts.issued_on + timedelta(days=3), 3, "rule")
    letter = Document(io.BytesIO(render_dispatch_file(replace(facts, reminder=due), templates)))
    said = "\n".join(paragraph.text for paragraph in letter.paragraphs)
    assert "If everything in the draft is right, you do not need to send anything." in said
    assert "fill in the form" not in said


def test_those_who_write_about_another_area_are_told_which():
    facts = sample_facts(D.RECEIPT)
    of_other = replace(
        facts,
        recipient=replace(facts.recipient, role=Role.CHALLENGER),
        submission=replace(facts.submission, kind=Kind.CHALLENGER_CORRECTIONS),
    )
    told = letters.build_receipt_words(of_other)["document"]
    assert told == f"corrected draft summary for {facts.author.name}"


def test_the_timetable_names_areas_as_people_say_them():
    facts = sample_facts(D.EVENT_TIMETABLE)
    event = facts.region.events[0]
    city = replace(event, author=event.author.model_copy(update={"name": "Kingsmouth, City of"}))
    told = letters.build_timetable_words(replace(facts, region=replace(facts.region, events=(city,))))
    assert told["events"][0]["author"] == "City of Kingsmouth"


def test_a_letter_names_an_action_and_a_day_as_people_do():
    facts = sample_facts(D.RECEIPT)
    assert subheading_title(facts.framework, "development/1/2") == "Second action on area for development 1"
    [row] = changes_table(
        facts.framework, Kind.ACTION_PLAN, [("development/2", "due_on", "2027-03-31", "June 2027")]
    )
    assert (row["before"], row["after"]) == ("31 March 2027", "June 2027")
    [row] = changes_table(facts.framework, Kind.ACTION_PLAN, [("development/2", "due_on", "2027-02-30", "")])
    assert (row["before"], row["after"]) == ("2027-02-30", "(empty)")
    [row] = changes_table(facts.framework, Kind.ACTION_PLAN, [("", "signed_on_police", "01/03/2027", "soon")])
    assert row == {
        "place": "Date signed off – Police", "column": "", "before": "1 March 2027", "after": "soon",
    }  # fmt: skip


def test_a_challenger_is_reminded_of_the_draft_by_the_name_that_it_has():
    facts = sample_facts(D.REMINDER)
    due = ReminderFacts("challenger_corrections_due", facts.issued_on, 0, "rule")
    assert (
        letters.build_reminder_words(replace(facts, reminder=due))["title"]
        == "Reminder: Corrected draft summary"
    )


def reminder_of_event(role: Role, **changes):
    facts = sample_facts(D.REMINDER)
    due = ReminderFacts("event_on", date(2027, 5, 6), 0, "rule")
    return replace(facts, recipient=replace(facts.recipient, role=role), reminder=due, **changes)


@pytest.mark.parametrize(
    ("role", "named", "part"),
    [
        (Role.AUTHOR, "Your challenge event", "You present your self-assessment"),
        (Role.CHALLENGER, "The event where you challenge Ashcombe", "You ask Ashcombe your questions."),
        (Role.CHAIR, "The challenge event for Ashcombe", "You chair the event."),
    ],
)
def test_a_reminder_of_an_event_says_what_its_reader_does_there(role, named, part, templates):
    said = words_of(reminder_of_event(role), templates)
    assert f"{named} takes place today" in said and part in said
    assert ("one of your three partners" in said) == (role is not Role.CHAIR)


def test_a_response_that_is_due_stands_in_the_text_of_a_reminder_of_the_event_and_not_in_the_table(templates):
    day = sample_facts(D.REMINDER).issued_on
    facts = reminder_of_event(Role.AUTHOR, dates={"response_due": day, "event_on": day}, met=())
    assert "Please also send your written response by" in words_of(facts, templates)
    assert letters.build_reminder_words(facts)["dates"] == []
    came = replace(facts, met={"response_due"})
    assert "written response" not in words_of(came, templates)
    of_chair = reminder_of_event(Role.CHAIR, dates={"response_due": day, "event_on": day}, met=())
    assert "written response" not in words_of(of_chair, templates)
    [row] = letters.build_reminder_words(of_chair)["dates"]
    assert row["what"] == "Response to the challenge due from Ashcombe"


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("Online", "Online. We will send you the joining link."),
        ("Microsoft Teams (online).", "Microsoft Teams (online). We will send you the joining link."),
        ("https://teams.example/join/1", "https://teams.example/join/1"),
        ("Online: https://meet.example/a", "Online: https://meet.example/a"),
        ("Council House, room 3", "Council House, room 3"),
    ],
)
def test_an_online_event_without_a_link_says_that_the_link_follows_wherever_its_place_is_said(place, says):
    facts = sample_facts(D.EVENT_INVITATION)
    facts = replace(facts, event=replace(facts.event, place=place))
    assert letters.build_invitation_words(facts)["place"] == says
    reminded = reminder_of_event(Role.AUTHOR, event=facts.event)
    for left, said in ((7, says.rstrip(".")), (1, place.rstrip("."))):  # then its readers are told to ask
        told = replace(reminded, reminder=replace(reminded.reminder, days_left=left))
        assert letters.build_reminder_words(told)["standing"].endswith(f"Place: {said}")
    entry = make_calendar_entry(replace(facts, kind=D.EVENT_CALENDAR)).replace(b"\r\n ", b"").decode()
    assert f"LOCATION:{says.replace(',', chr(92) + ',')}" in entry


def test_what_changed_in_a_chairs_record_is_said_in_the_words_of_its_form():
    framework = sample_facts(D.RECEIPT).framework
    changes = [
        ("development/5", "subheading", EQUAL, ""),
        ("development/5", "consensus", "Yes", ""),
        ("", "consensus", "Yes", "In part"),
        (EQUAL, "rating_as_written", "about amber", "AMBER"),
        (EQUAL, "rating", "RED", "NOT_APPLICABLE"),
    ]
    kinds = [Kind.CHAIR_RECORD] * 3 + [Kind.SELF_ASSESSMENT] * 2
    rows = [changes_table(framework, kind, [one])[0] for kind, one in zip(kinds, changes, strict=True)]
    assert [(row["column"] or row["place"], row["before"]) for row in rows] == [
        ("Sub-heading", "Equal and joint duty"),
        ("Agreed by both?", "Yes"),
        ("Was consensus reached?", "Yes"),
        ("RAG rating", "about amber"),
        ("RAG rating", "RED"),
    ]
    assert rows[-1]["after"] == "NOT APPLICABLE"


def test_questions_about_actions_say_which_action_under_the_heading_of_the_form():
    asked = query(code="progress.no_evidence", subheading="development/2", column="evidence")
    second = replace(asked, subheading="development/2/2", message="Of the second.")
    [area] = letters.build_query_letter_words(held(asked, second, kind=Kind.PROGRESS_REPORT))["areas"]
    assert area["title"] == "Your progress"
    assert [question["place"] for question in area["questions"]] == [
        "First action on area for development 2 – What shows it",
        "Second action on area for development 2 – What shows it",
    ]
    of_record = query(code="agreed.too_many", subheading="development/6", column="consensus")
    [area] = letters.build_query_letter_words(held(of_record, kind=Kind.CHAIR_RECORD))["areas"]
    assert (area["title"], area["questions"][0]["place"]) == (
        "Areas for development",
        "Area for development 6 – Agreed by both?",
    )


def test_a_receipt_with_notes_says_first_to_look_at_them(templates):
    facts = sample_facts(D.RECEIPT)
    late = Finding("intake.late", Severity.WARN, "It was late.", "Please tell us next time.")
    noted = replace(facts, submission=replace(facts.submission, findings=(late,)))
    nothing, look = "You do not need to do anything", "Please look at what we noticed, below."
    assert f"{nothing} else about it now." in (said := words_of(noted, templates)) and look not in said
    inside = Finding("rating.trend", Severity.WARN, "We read the present one.", "Tell us if it is wrong.")
    marked = replace(facts, submission=replace(facts.submission, findings=(late, inside)))
    said = words_of(marked, templates)
    assert f"{look} If it is as you want it, there is nothing to do." in said
    assert nothing not in said
    assert letters.build_receipt_words(noted)["warnings"][0]["place"] == "When it reached us"


@pytest.mark.parametrize(
    ("after", "until"), [(0, "by "), (1, "as soon as you can. Until it comes, this version counts")]
)
def test_a_receipt_gives_the_day_until_which_a_new_version_is_asked_for_while_it_is_to_come(
    after, until, templates
):
    due = date(2027, 3, 1)
    inside = Finding("cell.merged_down", Severity.WARN, "It was merged.", "Tell us if it is wrong.")
    facts = sample_facts(D.RECEIPT)
    held = replace(facts.submission, kind=Kind.SELF_ASSESSMENT, findings=(inside,))
    day = due + timedelta(days=after)
    dates = {"self_assessment_due": due}
    said = words_of(replace(facts, submission=held, dates=dates, issued_on=day), templates)
    told = until if after else until + format_full_day(due)
    assert f"please send us a new version {told}." in said


def test_a_receipt_says_where_something_is_written_and_not_that_it_is_a_strength():
    facts = sample_facts(D.RECEIPT)
    held = replace(facts.submission, kind=Kind.SELF_ASSESSMENT)
    rows = facts.rows.assign(strengths="Not applicable.", development="")

    def say(rows) -> str:
        return letters.build_receipt_words(replace(facts, submission=held, rows=rows))["taken_in"]

    wrote = "You wrote something under strengths and evidence in"
    assert f"{wrote} all {len(rows)}, and under areas for development in none." in say(rows)
    rows.loc[rows.index[0], "strengths"] = ""
    assert f"{wrote} {len(rows) - 1}, and" in say(rows)


def test_a_question_about_several_rows_asks_for_an_answer_to_each():
    [of_one] = letters.build_query_letter_words(held(query()))["areas"][0]["questions"]
    assert of_one["remedy"] == "Choose one."
    both = held(query(), query(subheading="leadership/vision-priorities"))
    [asked] = letters.build_query_letter_words(both)["areas"][0]["questions"]
    assert asked["remedy"] == "Choose one. Please do this for each of them."


def test_a_receipt_counts_what_was_answered_beside_what_was_asked():
    facts = sample_facts(D.RECEIPT)
    held = replace(facts.submission, kind=Kind.RESPONSE)
    rows = facts.rows.assign(commentary="Why?", response="So.")

    def say(rows) -> str:
        return letters.build_receipt_words(replace(facts, submission=held, rows=rows))["taken_in"]

    assert say(rows) == f"Answers to the questions on {len(rows)} sub-headings."
    rows.loc[rows.index[0], "response"] = ""
    assert say(rows) == f"Answers on {len(rows) - 1} of the {len(rows)} sub-headings."


def test_the_day_of_a_summary_is_no_promise_that_it_waits_where_both_have_replied(templates):
    due = {"corrections_due": date(2027, 5, 5), "challenger_corrections_due": date(2027, 5, 5)}
    notice = replace(sample_facts(D.DRAFT_NOTICE), dates=due)
    assert "until Wednesday 5 May 2027, or until both have replied" in words_of(notice, templates)
    for kind in (D.DRAFT_SUMMARY, D.CHALLENGER_DRAFT_SUMMARY):
        said = words_of(replace(sample_facts(kind), dates=due), templates)
        assert "final summary after that day, or as soon as both areas have replied." in said


def test_a_pack_gives_the_day_to_return_it_once_so_that_its_marked_copy_has_no_other(templates):
    facts = sample_facts(D.ANALYSIS_PACK)
    day = format_full_day(facts.dates["analysis_due"])
    assert words_of(facts, templates).count(day) == 1


def test_how_long_answers_may_be_is_said_so_that_a_form_can_keep_to_it():
    facts = sample_facts(D.LAUNCH_LETTER)
    rows = len(facts.framework.subheadings)

    def say_length(**rules) -> str:
        return letters.describe_length(facts.cycle.rules.model_copy(update=rules), facts.framework)

    assert say_length(word_limit=80, form_word_limit=None) == "up to about 80 words in a cell"
    assert say_length(word_limit=80, form_word_limit=rows * 2 * 80) == (
        f"up to about 80 words in a cell, and {rows * 160:,} in the whole form"
    )
    assert say_length(word_limit=80, form_word_limit=rows * 2 * 47).startswith(
        "about 40 words in a cell on average, no more than about 80 in any, and up to "
    )


def test_letter_and_form_say_the_same_of_who_reads_what(templates):
    letter, form = (
        words_of(sample_facts(kind), templates) for kind in (D.LAUNCH_LETTER, D.SELF_ASSESSMENT_TEMPLATE)
    )
    for said in (
        "So do the three partners of the area that challenges you",
        "an edition without names.",
    ):
        assert said in letter and said in form
    facts = sample_facts(D.LAUNCH_LETTER)
    rules = facts.cycle.rules.model_copy(update={"review_months": ()})
    without = replace(facts, cycle=facts.cycle.model_copy(update={"rules": rules}))
    assert "progress reports" in letter and "progress reports" not in words_of(without, templates)


@pytest.mark.parametrize(("left", "is_asked"), [(7, False), (1, True), (0, True)])
def test_who_has_no_joining_link_by_the_day_before_is_told_to_ask_for_it(left, is_asked, templates):
    event = replace(sample_facts(D.EVENT_INVITATION).event, place="Online")
    facts = reminder_of_event(Role.CHAIR, event=event)
    facts = replace(facts, reminder=replace(facts.reminder, days_left=left))
    asks = "You should have the joining link by now. If you do not, please ask us for it."
    assert (asks in words_of(facts, templates)) == is_asked
    known = replace(facts, event=replace(event, place="https://teams.example/join/1"))
    assert asks not in words_of(known, templates)


def test_a_reminder_to_somebody_else_says_whose_event_or_form_it_is_about():
    facts = reminder_of_event(Role.CHALLENGER)
    assert letters.build_reminder_words(facts)["title"] == "Reminder: Challenge event for Ashcombe"
    analysis = replace(facts, reminder=ReminderFacts("analysis_due", date(2027, 5, 6), 6, "rule"))
    assert letters.build_reminder_words(analysis)["title"] == "Reminder: Your questions about Ashcombe"


@pytest.mark.parametrize("form", FORMS.values(), ids=str)
def test_no_reader_of_another_areas_answers_is_told_of_your_answer(form):
    facts = sample_facts(D.CHAIR_BRIEFING)
    where = next(iter(facts.framework)) if form.is_schedule else "development/1"
    changes = tuple((where, column.id, was, "Now") for column in form.columns for was in ("", "Before"))
    made = replace(facts, replaces=Replaced(date(2027, 4, 13), {form.kind: changes}))
    [row] = replaced_words(made)["changed"]
    assert not re.search(r"\byour?\b", row["columns"].casefold())


def test_a_reminder_of_questions_speaks_of_them_and_of_the_analysis_pack(templates):
    facts = reminder_of_event(Role.CHALLENGER)
    due = ReminderFacts("analysis_due", facts.issued_on, 0, "rule")
    text = words_of(replace(facts, event=None, reminder=due), templates)
    assert "If you have sent your questions about Ashcombe already, thank you." in text
    assert "Please write them in the analysis pack that we sent you" in text
    assert "Then return the pack" in text
    assert "sent it" not in text and "the form that we sent" not in text
    other = replace(due, what="self_assessment_due")
    text = words_of(replace(facts, event=None, reminder=other), templates)
    assert (
        "If you have sent your self-assessment of Ashcombe already" in text
        and "Please fill in the form that we sent you" in text
    )


def test_a_paper_that_replaces_another_says_which_answers_changed_and_what_brief_ones_are_now():
    facts = sample_facts(D.CHALLENGER_BRIEFING)
    where = next(iter(facts.framework))
    kind = (where, "response_kind_as_written", "", "further evidence")
    changed = (where, "response", "Soon.", "We have set a day for it with all three partners.")
    signed = ("", "signed_on_police", "", "2027-04-11")

    def said_of(*changes):
        made = replace(facts, replaces=Replaced(date(2027, 4, 13), {Kind.RESPONSE: changes}))
        words = replaced_words(made)
        return words["changed"], words["is_signed_again"]

    title = facts.framework.subheadings[where].title
    told = [{"place": title, "columns": "Kind of answer, now “further evidence”; and Ashcombe’s answer"}]
    assert said_of(kind, changed, signed) == (told, False)
    assert said_of(kind, (where, "response", "", changed[3])) == (
        [{"place": title, "columns": "Ashcombe has now answered"}],
        False,
    )
    assert said_of(signed) == ([], True)
    assert said_of() == ([], False)


def test_an_invitation_asks_for_a_response_until_it_has_come():
    facts = replace(sample_facts(D.EVENT_INVITATION, Role.AUTHOR), dates={"response_due": date(2027, 5, 6)})
    facts = replace(facts, issued_on=date(2027, 4, 20), met=frozenset())
    task = KINDS[D.EVENT_INVITATION].task
    assert letters.build_invitation_words(facts)["response_due"] == "Thursday 6 May 2027"
    assert [one.due_on for one in task(facts).also] == [date(2027, 5, 6)]
    came = replace(facts, met=frozenset({"response_due"}))
    assert letters.build_invitation_words(came)["response_due"] == "" and task(came).also == ()


@pytest.mark.parametrize(
    ("receives", "said", "asked"),
    [
        (
            (None, None),
            "We send the form for it to your partnership manager",
            "Your response to the challenge is due by",
        ),
        (((Receives.FORMS, Receives.EVENT),) * 2, "Please send your written response", "Please return your "),
    ],
)
def test_who_comes_to_an_event_and_gets_no_forms_is_told_who_has_the_form(receives, said, asked, templates):
    facts = replace(sample_facts(D.EVENT_INVITATION, Role.AUTHOR), dates={"response_due": date(2027, 5, 6)})
    people = (("Partnership manager", "a@example.org"), ("Director of children's services", "b@example.org"))
    contacts = tuple(
        Contact(name=name, email=email, receives=own)
        for (name, email), own in zip(people, receives, strict=True)
    )
    facts = replace(facts, recipient=replace(facts.recipient, contacts=contacts), met=frozenset())
    facts = replace(facts, issued_on=date(2027, 4, 20))
    assert said in words_of(facts, templates)
    [response] = KINDS[D.EVENT_INVITATION].task(facts).also
    assert response.sentence.startswith(asked)
