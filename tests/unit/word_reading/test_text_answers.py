"""Answers that were typed as text are read by what is left, each place as sure as it is; nothing is lost."""
# ruff: noqa: E501 - a table of cases reads better on one line

import io
import random
import re

import docx
import pytest

from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Kind, Severity
from peer_challenge.submissions.judge import judge_document
from peer_challenge.word.answers.locate_cells import CellPlaces
from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.answers.text_labels import find_choice, find_header_columns, split_at_labels
from peer_challenge.word.form.forms import FORMS
from peer_challenge.word.package import marks
from peer_challenge.word.write.fix_it_comments import add_fix_it_comments
from tests.unit.word_reading import builder as b
from tests.unit.word_reading.builder import FRAMEWORK, ROWS, answer_row, cell, p, schedule
from tests.unit.word_reading.reads import KNOWN, codes, read, severity

SA = Kind.SELF_ASSESSMENT
TITLES = {address: FRAMEWORK.subheadings[address].title for address in ROWS}
PROMPTS = {address: FRAMEWORK.subheadings[address].prompt for address in ROWS}
EMPTY = schedule(
    {a: answer_row(a, strengths=cell(), development=cell(), rating=cell(p("Choose a rating"))) for a in ROWS}
)
FRONT = p("Self-assessment", "Ashcombe – Northern peer challenge 2027")
HEADER = [column.header for column in FORMS[SA].columns]


def styled(style: str, text: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{b.run(b.t(text))}</w:p>'


def tagged(column: str, address: str, text: str) -> str:
    return f'<w:sdt><w:sdtPr><w:tag w:val="{column}:{address}"/></w:sdtPr><w:sdtContent>{p(text)}</w:sdtContent></w:sdt>'


STYLES = {
    "word/styles.xml": b.part(
        "styles",
        '<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/></w:style>',
    )
}
WITH_STYLES = {
    "parts": STYLES,
    "relationships": b.relationship("s1", "styles", "styles.xml"),
}


def rows_of(reading: Reading) -> dict[str | None, tuple[str | None, str | None, str | None]]:
    return {row["subheading"]: (row["strengths"], row["development"], row["rating"]) for row in reading.rows}


def all_words(reading: Reading) -> str:
    values = (value or "" for row in (*reading.rows, *reading.items) for value in row.values())
    return "\n".join((*values, *reading.unmapped))


EXPECTED = {
    address: (f"We do {n}", f"More of {n}", ("RED", "AMBER", "GREEN")[n % 3])
    for n, address in enumerate(ROWS)
}


def typed(*lines: str) -> str:
    """The text of all rows, each of these lines; {t} is the title, {s}, {d}, {r} the answers, {p} the prompt."""
    return "".join(
        p(*(line.format(t=TITLES[a], p=PROMPTS[a], s=s, d=d, r=r) for line in lines))
        for a, (s, d, r) in EXPECTED.items()
    )


WAYS = {
    "labels": ("{t}", "Strengths: {s}", "Areas for development: {d}", "Rating: {r}"),
    "labels alone": (
        "{t}",
        "Strengths and evidence",
        "{s}",
        "Areas for development",
        "{d}",
        "RAG rating",
        "{r}",
    ),
    "numbered": ("1.1 {t}", "a) Strengths: {s}", "b) Areas for development: {d}", "c) RAG: {r}"),
    "synonyms": ("{t}", "What is working well: {s}", "What needs to improve - {d}", "RAG status: {r}"),
    "our own": ("{t}", "Our strengths: {s}", "Key areas for development: {d}", "Overall rating: {r}"),
    "marked up": ("## {t}", "**Strengths:** {s}", "**Areas for development**: {d}", "**Rating:** {r}"),
    "in brackets": (
        "{t}",
        "Strengths (and evidence): {s}",
        "Gaps (what is missing): {d}",
        "RAG rating (choose one): {r}",
    ),
    "rating alone": ("{t}", "Strengths: {s}", "Development: {d}", "{r}"),
    "rating without a sign": ("{t}", "Strengths: {s}", "Gaps: {d}", "Rating {r}"),
    "one line": ("{t}", "Strengths: {s}. Areas for development: {d}. Rating: {r}"),
    "one paragraph": ("{t}: Strengths: {s}. Areas for development: {d}. Rating: {r}",),
    "prompt in the paragraph": ("{t}", "{p} Strengths: {s}. Gaps: {d}. RAG: {r}"),
    "title and prompt in the paragraph": ("{t} – {p} Strengths: {s}. Gaps: {d}. RAG: {r}",),
    "prompt for a title": ("{p}", "Strengths: {s}", "Areas for development: {d}", "Rating: {r}"),
    "prompt beneath": ("{t}", "{p}", "Strengths: {s}", "Areas for development: {d}", "Rating: {r}"),
    "another order": ("{t}", "Rating: {r}", "Areas for development: {d}", "Strengths: {s}"),
    "line breaks": ("{t}\nStrengths: {s}\nAreas for development: {d}\nRating: {r}",),
    "dashes": ("{t}", "Strengths – {s}", "Areas for development — {d}", "Rating – {r}"),
    "small letters": ("{t}", "strengths: {s}", "AREAS FOR DEVELOPMENT: {d}", "rag rating: {r}"),
}


@pytest.mark.parametrize("lines", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("form", ["beneath an empty form", "a new document"])
def test_labelled_text_is_read_into_its_rows_and_told(lines: tuple[str, ...], form: str) -> None:
    text = typed(*lines)
    reading = read(EMPTY + text) if form.startswith("beneath") else read(FRONT + text, marked={})
    assert rows_of(reading) == {
        a: (s + "." * ("{s}." in lines[-1]), d + "." * ("{d}." in lines[-1]), r)
        for a, (s, d, r) in EXPECTED.items()
    }
    assert severity(reading, "layout.text_answers") == "query"
    assert not codes(reading) & {"form.blank", "form.answers_outside", "text.undivided", "layout.no_table"}
    assert (reading.kind, reading.participant) == (SA, "ashcombe")


@pytest.mark.parametrize("sign", ["\t", " | "])
def test_a_table_turned_into_text_with_a_sign_between_its_cells_is_read_by_its_header(sign: str) -> None:
    lines = [sign.join((TITLES[a], s, d, r, "")) for a, (s, d, r) in EXPECTED.items()]
    if "|" in sign:
        lines = [f"|{line}|" for line in lines]
    header = sign.join(HEADER)
    reading = read(FRONT + with_tabs(header, *lines), marked={})
    assert rows_of(reading) == EXPECTED
    assert "text.by_order" not in codes(reading)


def with_tabs(*lines: str) -> str:
    return "".join(
        b.para("<w:r><w:tab/></w:r>".join(b.run(b.t(piece)) if piece else "" for piece in line.split("\t")))
        for line in lines
    )


def test_cells_of_several_paragraphs_turned_into_text_are_told_apart_by_their_tabs() -> None:
    lines = [
        line
        for a, (s, d, r) in EXPECTED.items()
        for line in (TITLES[a], f"{PROMPTS[a]}\t{s}", f"and {s}\t{d}", f"and {d}\t{r}\t")
    ]
    reading = read(FRONT + with_tabs("\t".join(HEADER), *lines), marked={})
    assert rows_of(reading) == {a: (f"{s}\nand {s}", f"{d}\nand {d}", r) for a, (s, d, r) in EXPECTED.items()}


def test_a_cell_too_many_in_a_row_turned_into_text_is_asked_about() -> None:
    lines = ["\t".join((TITLES[a], s, "with a tab", d, r, "", "")) for a, (s, d, r) in EXPECTED.items()]
    reading = read(FRONT + with_tabs("\t".join(HEADER), *lines), marked={})
    assert reading.rows == []
    assert {f.subheading for f in reading.findings if f.code == "text.undivided"} == set(ROWS)
    assert all(s in all_words(reading) and d in all_words(reading) for s, d, _ in EXPECTED.values())


def test_cells_turned_into_lines_are_taken_by_their_order_and_asked_about() -> None:
    reading = read(FRONT + p(*HEADER) + typed("{t}", "{p}", "{s}", "{d}", "{r}"), marked={})
    assert rows_of(reading) == EXPECTED
    assert {f.subheading for f in reading.findings if f.code == "text.by_order"} == set(ROWS)
    assert severity(reading, "text.by_order") == "query"


@pytest.mark.parametrize(
    "lines",
    [
        ("{t}", "{s}", "{d}", "and more", "{r}"),
        ("{t}", "{s} and {d}", "{r}"),
        ("{t}", "{s}", "{d}", "{r}", "a word after it"),
    ],
)
def test_text_that_may_belong_to_either_column_is_asked_about_with_all_its_words(
    lines: tuple[str, ...],
) -> None:
    reading = read(FRONT + p(*HEADER) + typed(*lines), marked={})
    assert rows_of(reading) == {a: ("", "", r) for a, (_, _, r) in EXPECTED.items()}
    assert {f.subheading for f in reading.findings if f.code == "text.undivided"} == set(ROWS)
    assert all(s in all_words(reading) and d in all_words(reading) for s, d, _ in EXPECTED.values())


def test_without_a_header_before_it_the_order_of_paragraphs_says_nothing() -> None:
    reading = read(FRONT + typed("{t}", "{s}", "{d}", "{r}"), marked={})
    assert rows_of(reading) == {a: ("", "", r) for a, (_, _, r) in EXPECTED.items()}
    assert "text.undivided" in codes(reading)


def test_tags_of_controls_say_where_text_belongs_when_nothing_else_does() -> None:
    body = "".join(
        tagged("strengths", a, s) + tagged("development", a, d) + tagged("rating", a, r)
        for a, (s, d, r) in EXPECTED.items()
    )
    assert rows_of(read(FRONT + body)) == EXPECTED


def test_a_tag_that_was_copied_under_another_title_does_not_decide() -> None:
    body = p(TITLES[ROWS[0]]) + tagged("strengths", ROWS[1], "Ours") + p("Rating: Red")
    reading = read(FRONT + body)
    assert "Ours" not in [row["strengths"] for row in reading.rows if row["subheading"] == ROWS[1]]
    assert "Ours" in all_words(reading)


def test_a_question_about_an_answer_in_text_is_shown_at_its_paragraph() -> None:
    first, *_ = ROWS
    data = b.document(EMPTY + typed(*WAYS["labels"]))
    reading = read_document(data, KNOWN)
    asked = Finding("a.question", Severity.QUERY, "Which?", "Say it.", first, "strengths")
    for places in (CellPlaces(reading.main_part, reading.places), None):
        copy = docx.Document(io.BytesIO(add_fix_it_comments(data, [asked], KNOWN, places=places)))
        commented = [p.text for p in copy.paragraphs if p._p.xpath(".//w:commentRangeStart")]
        assert commented == ["Strengths: We do 0"]


# What must not be taken


def test_a_heading_that_was_missed_never_puts_an_answer_under_the_heading_above() -> None:
    first, second, *_ = ROWS
    for title in ("Something of our own", "Equal duties", "The duty that is joint and equal"):
        body = p(TITLES[first], "Strengths: One", "Areas for development: Two", "Rating: Red")
        body += p(title, "Strengths: Other", "Areas for development: Another", "Rating: Green")
        reading = read(EMPTY + body)
        assert rows_of(reading)[first] == ("One", "Two", "RED"), title
        assert rows_of(reading)[second] == ("", "", None), title
        assert "Other" in "\n".join(reading.unmapped)
        assert codes(reading) & {"text.unplaced", "text.undivided"}, title


def test_a_heading_nearly_right_counts_where_it_is_styled_as_one() -> None:
    first, *_ = ROWS
    body = styled("Heading2", f"Our {TITLES[first]} today") + p("Strengths: One", "Rating: Red")
    reading = read(EMPTY + body, **WITH_STYLES)
    assert rows_of(reading)[first] == ("One", "", "RED")
    assert severity(reading, "row.reworded") == "warn"


def test_a_list_of_sub_headings_is_no_answer() -> None:
    contents = p(*TITLES.values())
    assert codes(read(contents + EMPTY)) >= {"form.blank"}
    assert rows_of(read(EMPTY + contents + typed(*WAYS["labels"]))) == EXPECTED


def test_two_answers_to_one_sub_heading_are_asked_about_and_neither_taken() -> None:
    first, *_ = ROWS
    body = p(TITLES[first], "Strengths: One") + p(TITLES[first], "Strengths: Other")
    reading = read(EMPTY + body + p(TITLES[ROWS[1]], "Strengths: Third"))
    assert rows_of(reading)[first] == ("", "", None)
    assert rows_of(reading)[ROWS[1]][0] == "Third"
    assert [f.subheading for f in reading.findings if f.code == "text.twice"] == [first]
    assert "One" in all_words(reading) and "Other" in all_words(reading)


def test_text_beneath_a_filled_in_form_counts_only_under_an_empty_row_and_with_labels() -> None:
    first, second, *_ = ROWS
    empty = answer_row(first, strengths=cell(), development=cell(), rating=cell())
    beneath = p(TITLES[first], "Strengths: One", "Areas for development: Two", "Rating: Red")
    reading = read(schedule({first: empty}) + beneath)
    assert rows_of(reading)[first] == ("One", "Two", "RED")
    assert rows_of(reading)[second] == (f"Strengths of {second}.", f"To develop in {second}.", "GREEN")
    assert severity(reading, "layout.text_answers") == "query"
    full = read(schedule() + beneath)
    assert rows_of(full)[first][0] == f"Strengths of {first}."
    assert "Strengths: One" in full.unmapped
    assert "layout.text_answers" not in codes(full)
    plain = read(schedule({first: empty}) + p(TITLES[first], "We think that this is covered above"))
    assert rows_of(plain)[first] == ("", "", None)


# Other schedules


def test_answers_to_a_challenge_that_were_typed_as_text_are_read() -> None:
    lines = [
        text
        for n, title in enumerate(TITLES.values())
        for text in (
            title,
            "The challenge: What now?",
            "Kind of answer: Further evidence",
            f"Your answer: Done {n}",
        )
    ]
    reading = read(p("Response") + p(*lines), marked=b.MARKS | {marks.KIND: Kind.RESPONSE.value})
    assert [row["response"] for row in reading.rows] == [f"Done {n}" for n in range(len(ROWS))]
    assert {row["response_kind"] for row in reading.rows} == {"further evidence"}


def test_peers_words_that_were_typed_as_text_are_read() -> None:
    lines = [text for n, t in enumerate(TITLES.values()) for text in (t, f"Peer commentary: Why {n}?")]
    reading = read(p("Analysis") + p(*lines), marked=b.MARKS | {marks.KIND: Kind.ANALYSIS.value})
    assert [row["commentary"] for row in reading.rows] == [f"Why {n}?" for n in range(len(ROWS))]


# The order of rows


def test_rows_without_titles_or_tags_are_taken_in_the_order_of_the_form_where_all_are_there() -> None:
    lines = [(s, d, r, "") for s, d, r in EXPECTED.values()]
    header = b.row(*(cell(p(name)) for name in HEADER[1:]))
    table = b.table(header, *(b.row(*(cell(p(text)) for text in line)) for line in lines))
    reading = read(FRONT + table)
    assert rows_of(reading) == EXPECTED
    assert severity(reading, "layout.rows_by_order") == "query"
    areas = []
    for area in FRAMEWORK.focus_areas:
        theirs = [
            line for address, line in zip(ROWS, lines, strict=True) if address.startswith(f"{area.id}/")
        ]
        areas.append(
            p(area.title) + b.table(header, *(b.row(*(cell(p(text)) for text in line)) for line in theirs))
        )
    assert rows_of(read(FRONT + "".join(reversed(areas)))) == EXPECTED
    fewer = b.table(header, *(b.row(*(cell(p(text)) for text in line)) for line in lines[:-1]))
    assert codes(read(FRONT + fewer)) >= {"row.unplaced"}


# Nothing is lost, whatever is written where


def test_no_word_is_lost_of_text_in_any_order() -> None:
    chance = random.Random(20)
    kinds = [
        "{t}",
        "{p}",
        "Strengths: {w}",
        "Gaps: {w}. RAG: {w}",
        "Rating: Red",
        "Amber",
        "{w}",
        "{t}: {w}",
        "Sign-off",
    ]
    kinds += [
        "Leadership and partners",
        "Rating",
        "Strengths and evidence",
        "Sub-heading",
        "{w}\t{w}",
        "Police",
        "{t}\t{w}\tRed",
    ]
    for turn in range(300):
        words: list[str] = []
        lines = []
        for _ in range(chance.randrange(1, 25)):
            address = chance.choice(ROWS)
            line = chance.choice(kinds).replace("{t}", TITLES[address]).replace("{p}", PROMPTS[address])
            while "{w}" in line:
                words.append(f"word{turn}x{len(words)}")
                line = line.replace("{w}", f"our {words[-1]}", 1)
            lines.append(line)
        body = with_tabs(*lines)
        for reading in (read(EMPTY + body), read(FRONT + body, marked={}), read(schedule() + body)):
            held = all_words(reading)
            assert not [word for word in words if not re.search(rf"\b{word}\b", held)], lines


# The labels themselves


@pytest.mark.parametrize(
    ("line", "columns"),
    [
        ("Strengths: a", ["strengths"]),
        ("Strengths", ["strengths"]),
        ("Our strength is that we meet", [None]),
        ("We meet monthly. Gaps: none. Rating: amber", [None, "development", "rating"]),
        ("There are gaps: three of them", [None]),
        ("Evidence shows that it works", [None]),
        ("Challenge: the budget", [None]),
        ("Peer commentary: why?", ["commentary"]),
        ("Strengths and weaknesses of the plan", [None]),
        ("RAG rating (self): Green", ["rating"]),
    ],
)
def test_a_label_begins_a_line_or_a_sentence_and_has_a_sign_after_it(
    line: str, columns: list[str | None]
) -> None:
    assert [column for column, _, _ in split_at_labels(line, SA)] == columns


@pytest.mark.parametrize(
    ("line", "choice"),
    [
        ("RED", "RED"),
        ("Rating: Amber.", "Amber"),
        ("**Green**", "Green"),
        ("N/A", "N/A"),
        ("Green Lane hub", None),
    ],
)
def test_a_choice_is_alone_on_its_line(line: str, choice: str | None) -> None:
    found = find_choice(line, SA)
    assert (found.text if found else None) == choice


def test_a_line_takes_time_that_grows_with_it_and_no_faster() -> None:
    for piece in ("*", "* ", "Strengths ", ". Strengths ", "(", "rag rating (", "\t", "|", "- ", "self "):
        line = piece * (200_000 // len(piece))
        list(split_at_labels(line, SA))
        find_choice(line, SA)
        find_header_columns(line, SA)


def test_a_row_whose_text_is_kept_apart_is_not_called_empty_as_well() -> None:
    first, second, *_ = ROWS
    text = p(TITLES[first], "We do this and have gaps", "in two paragraphs", "and a third", "Rating: Red")
    text += p(TITLES[second], "Strengths: We do that", "Rating: Amber")
    reading = read(FRONT + text + p(TITLES[ROWS[2]], "Strengths: This", "Areas for development: That"))
    empty = {f"{column}.missing" for column in ("strengths", "development")}
    checked = [
        Finding(code, Severity.QUERY, f"{code}?", "Say it.", address)
        for address in (first, second)
        for code in sorted(empty)
    ]
    verdict = judge_document(reading, None, checked)
    asked = {address: {f.code for f in verdict.findings if f.subheading == address} for address in ROWS}
    assert "text.undivided" in asked[first] and not asked[first] & empty
    assert asked[second] >= empty


def test_answers_in_runs_that_a_damaged_file_has_outside_paragraphs_are_read() -> None:
    """Such text has no element, to which a question could be put."""
    lines = [line for a in ROWS for line in (TITLES[a], "We met monthly.", "More to do.", "GREEN")]
    stray = "".join(f"<w:r><w:t>{line}</w:t><w:br/></w:r>" for line in lines)
    reading = read(FRONT + stray)
    assert all_words(reading).count("We met monthly.") == len(ROWS)
