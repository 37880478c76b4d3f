"""The page for directors: the Word document says what the page says, and goes by the dates of a new cycle."""

import re
from datetime import timedelta

from docx import Document

from peer_challenge.events.timetable import LENGTH
from peer_challenge.model.cycle_rules import Rules
from scripts.directors_page import PAGE, WORD, build_document


def words_of(document) -> list[str]:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join([*(paragraph.text for paragraph in document.paragraphs), *cells]).lower().split()


def test_the_committed_document_is_what_the_script_makes() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert words_of(Document(str(WORD))) == words_of(build_document(text))


def test_no_word_of_the_page_is_lost() -> None:
    text = PAGE.read_text(encoding="utf-8")
    plain = re.sub(r"(?m)^(#+|-) |\||^\|-.*$|---", " ", text).lower().split()
    assert sorted(words_of(Document(str(WORD)))) == sorted(plain)


def test_the_times_are_those_of_a_new_cycle() -> None:
    text, rules = PAGE.read_text(encoding="utf-8"), Rules()
    assert (rules.analysis_days, rules.action_plan_days, rules.event_months) == (28, 28, 2)
    assert text.count("4 weeks after") == 2 and "within two months" in text
    assert timedelta(hours=3) == LENGTH and "| 4. Event | Three hours." in text
    assert rules.accuracy_days == 5 and "five working days for the draft" in text
    assert rules.review_months == (3, 6) and "after three and six months" in text
