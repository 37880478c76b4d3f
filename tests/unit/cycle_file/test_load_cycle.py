"""Cycle files: every mistake at once, at its line or cell, in plain words; nothing taken for granted."""

import json

import openpyxl
import pytest

from peer_challenge.cycle_file.load_cycle import cycle_as_dict, cycle_from_dict, load_cycle, read_cycle_file
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.errors import CycleFileError

FRAMEWORKS = shipped_frameworks()
GOOD = """\
id: northern-2027
name: Northern peer challenge 2027
framework: working-together-2018
omit: [transition-links]
dates: {opens: 2027-01-11, self_assessment_due: 2027-02-26}
rules: {closing_time: 17:00, checks: {rating.split: off}}
assignment: {shared_police: avoid}
chairs: [{name: Chair A, email: chair@example.org, not_for: [ashcombe]}, {name: Chair B}]
participants:
  - {id: ashcombe, name: Ashcombe, police: P1, icb: [A], neighbours: [no],contacts: [{name: A, email: a@b.c}]}
  - {id: no, name: Norwick, police: P2, icb: [C], neighbours: [ashcombe], contacts: [{name: N, email: n@n.c}]}
  - {id: dunmere, name: Dunmere, police: P3, icb: [D], contacts: [{name: N, email: x@d.uk}]}
office: {name: Programme office, email: o@o.uk, phone: "01632 960100"}
"""


@pytest.fixture
def written(tmp_path):
    def write(text=GOOD, encoding="utf-8"):
        path = tmp_path / "cycle.yaml"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def problems(path):
    with pytest.raises(CycleFileError) as raised:
        load_cycle(path, FRAMEWORKS)
    return raised.value.problems


def changed(old, new):
    assert old in GOOD
    return GOOD.replace(old, new)


def test_a_good_file_is_read_with_no_warning(written):
    read = read_cycle_file(written(), FRAMEWORKS)
    assert list(read.cycle.participant) == ["ashcombe", "no", "dunmere"]
    assert read.warnings == ()


def test_what_yaml_would_guess_at_stays_as_it_was_written(written):
    cycle = load_cycle(written(), FRAMEWORKS)
    assert cycle.rules.closing_time == "17:00"
    assert cycle.rules.checks == {"rating.split": "off"}
    assert cycle.participant["ashcombe"].neighbours == ("no",)


def test_a_cycle_goes_into_the_register_as_json_and_comes_back_the_same(written):
    cycle = load_cycle(written(), FRAMEWORKS)
    assert cycle_from_dict(json.loads(json.dumps(cycle_as_dict(cycle)))) == cycle


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_files_as_windows_saves_them_are_read(written, encoding):
    path = written(changed("name: Norwick", "name: Nörwick"), encoding)
    read = read_cycle_file(path, FRAMEWORKS)
    assert read.cycle.participant["no"].name == "Nörwick"
    assert bool(read.warnings) is (encoding == "cp1252")


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("id: northern-2027", "id: Northern 2027", "line 1", "small letters"),
        ("name: Northern peer", "nam: Northern peer", "line 2", "Did you mean `name`?"),
        ("working-together-2018", "working-together-2081", "line 3", "Did you mean `working-together-2018`?"),
        ("[transition-links]", "[leadership]", "line 4", "core area of focus"),
        ("[transition-links]", "[transition-link]", "line 4", "Did you mean `transition-links`?"),
        ("opens: 2027-01-11", "opens: 11/01/2027", "line 5", "Write 2027-01-11."),
        ("opens: 2027-01-11", "opens: 2027-03-01", "line 5", "not after the cycle opens"),
        ("2027-02-26", "2027-02-30", "line 5", "isn't a day"),
        ("2027-02-26", "2207-02-26", "line 5", "Check the year"),
        ("closing_time: 17:00", "closing_time: 25:00", "line 6", "isn't a time of day"),
        ("closing_time: 17:00", "word_limit: many", "line 6", "whole number"),
        ("closing_time: 17:00", "macros: no", "line 6", "reject or warn"),
        ("closing_time: 17:00", "wrd_limit: 250", "line 6", "Did you mean `word_limit`?"),
        ("shared_police: avoid", "shared_police: forbiden", "line 7", "Did you mean `forbid`?"),
        ("shared_police: avoid", "pins: {ashcombe: dunmer}", "line 7", "Did you mean `Dunmere`?"),
        ("shared_police: avoid", "pins: {ashcombe: ashcombe}", "line 7", "challenge itself"),
        ("shared_police: avoid", "pins: {ashcombe: no}, bans: {ashcombe: [no]}", "line 7", "ruled out"),
        ("shared_police: avoid", "pins: {ashcombe: no, no: ashcombe}", "line 7", "challenge each other"),
        ("shared_police: avoid", "pins: {ashcombe: no, dunmere: no}", "line 7", "can challenge 1"),
        ("shared_police: avoid", "bans: {ashcombe: [no, dunmere]}", "line 10", "No area may challenge"),
        ("email: chair@", "email: chair at ", "line 8", "isn't an email address"),
        ("not_for: [ashcombe]", "not_for: [ashcomb]", "line 8", "Did you mean `Ashcombe`?"),
        ("name: Chair B", "name: Chair A", "line 8", "used twice"),
        ("neighbours: [no]", "neighbours: [nowhere]", "line 10", "no area `nowhere`"),
        ("neighbours: [no]", "icb: One ICB", "line 10", "should be a list"),
        ("name: Norwick", "name: Norwick, aliases: [ASHCOMBE]", "line 11", "also a name of ashcombe"),
        ("id: dunmere", "id: no", "line 12", "used twice"),
        ("id: dunmere", "id: office", "line 12", "that of the programme office as well"),
        ("id: dunmere", "id: chair-b", "line 8", "that of an area as well"),
        ("name: Dunmere", "name: Dunmere, name: Dun", "line 12", "given twice"),
        ("name: Dunmere", "name: Dunmere, capacity: 0", "line 9", "room for 2"),
        (
            "name: Dunmere",
            "name: Dunmere, unavailable: [{first: 2027-05-07, last: 2027-05-04}]",
            "line 12",
            "before",
        ),
        ("name: Dunmere", "name: &a Dunmere, partnership: *a", "line 12", "References"),
    ],
)
def test_a_mistake_is_told_at_its_line_with_what_to_do(written, old, new, place, words):
    found = problems(written(changed(old, new)))
    assert any(p.startswith(place) and words in p for p in found), found


@pytest.mark.parametrize("instead", ["{x: y}", "[[x]]", "[{x: y}]"])
@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("omit: [transition-links]", 4),
        ("id: ashcombe", 10),
        ("name: Ashcombe", 10),
        ("police: P1", 10),
        ("icb: [A]", 10),
        ("neighbours: [no]", 10),
    ],
)
def test_what_has_another_shape_is_told_at_its_line_with_other_mistakes(written, value, line, instead):
    text = changed(value, f"{value.partition(':')[0]}: {instead}")
    found = problems(written(text.replace("closing_time: 17:00", "macros: no")))
    assert any(
        problem.startswith(f"line {line} ") or problem.startswith(f"line {line}:") for problem in found
    )
    assert any(problem.startswith("line 6") for problem in found)


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(written):
    text = changed("2027-02-26", "soon").replace("avoid", "never").replace("chair@", "chair ")
    found = problems(written(text))
    assert [p.split(":")[0].split(" (")[0] for p in found] == ["line 5", "line 7", "line 8"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "isn't a cycle file"),
        ("- a\n- b\n", "isn't a cycle file"),
        ("id: a\n\tname: b\n", "begins with a tab"),
        ("name: a: b\n", "second colon"),
        ("name: 'a\n", "not closed"),
        ("[" * 5_000, "nested too deeply"),
        ("id: a\n---\nid: b\n", "second document"),
        ("id: !!python/object/apply:os.system [x]\n", "is missing"),
        ("a: &a [x]\nb: [*a, *a]\n", "References"),
        ("id: \0\n", "not a text file"),
        ("id: \a\n", "can't be read"),
    ],
)
def test_what_is_no_cycle_file_is_refused_in_plain_words(written, text, words):
    assert any(words in problem for problem in problems(written(text)))


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    assert problems(tmp_path / "cycle.yaml") == ["There is no such file. Check the name and the folder."]


def test_school_holidays_that_there_are_none_of_are_told_with_those_that_there_are(written):
    text = changed("{id: no,", "{id: no, school_calendar: costal,")
    (problem,) = problems(written(text))
    assert "`costal`" in problem
    assert "Did you mean `coastal`?" in problem
    assert "northern" in problem


def test_one_area_is_not_enough(written):
    text = GOOD[: GOOD.index("  - {id: no,")].replace("neighbours: [no], ", "")
    assert any("at least two areas" in problem for problem in problems(written(text)))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2027-02-26", "2027-02-27", "Saturday 27 February 2027 is not a working day."),
        ("2027-02-26", "2027-03-26", "Good Friday"),
        ("neighbours: [ashcombe], ", "", "doesn't name it"),
        ("police: P2, ", "", "Norwick has no police force"),
        ("icb: [C], ", "", "Norwick has no integrated care board"),
        (", email: n@n.c", "", "Norwick has no contact with an email address"),
        ("{name: Chair B}", "{name: Chair B, not_for: [ashcombe]}", "Every Chair has a conflict"),
        ("{name: Chair B}", "{name: Chair B, email: N@N.C}", "is a contact of Norwick too"),
        ("name: N, email: n", "name: chair b., email: n", "also the name of a contact of Norwick"),
        ("{name: Chair B}", "{name: Chair B}, {name: chair b., id: other}", "are taken as two Chairs"),
        ("email: o@o.uk, ", "", "The office has no email address"),
        (', phone: "01632 960100"', "", "The office has no telephone number"),
    ],
)
def test_what_is_worth_a_second_look_is_a_warning(written, old, new, words):
    (warning,) = read_cycle_file(written(changed(old, new)), FRAMEWORKS).warnings
    assert words in warning


def test_an_address_copied_from_a_link_is_cleaned(written):
    cycle = load_cycle(
        written(changed("email: n@n.c", 'email: "Lead <mailto:n@n.example.org>;"')), FRAMEWORKS
    )
    assert [c.email for c in cycle.participant["no"].contacts] == ["n@n.example.org"]


@pytest.mark.parametrize("name", ["con", "aux", "nul", "com1", "forms"])
def test_an_id_that_windows_keeps_for_itself_is_a_mistake(written, name):
    found = problems(written(changed("id: dunmere,", f"id: {name},")))
    assert any(f"keeps the name `{name}` for itself" in problem for problem in found)


def test_ids_with_which_word_may_not_open_a_document_are_a_warning(written):
    text = changed("id: northern-2027", f"id: {'n' * 60}").replace("id: dunmere,", f"id: {'d' * 40},")
    (warning,) = read_cycle_file(written(text), FRAMEWORKS).warnings
    assert "may not open documents with so long a path" in warning


def test_a_border_named_by_one_area_counts_for_both(written):
    cycle = load_cycle(written(changed("neighbours: [ashcombe], ", "")), FRAMEWORKS)
    assert cycle.participant["no"].neighbours == ("ashcombe",)


HEADER = ["Area", "Police force", "ICBs", "Neighbours", "Unavailable", "Contact", "E-mail"]
ROWS = [
    [
        "Ashcombe",
        "P1",
        "A; B",
        "North Wolds",
        "2027-05-04 to 2027-05-07; 2027-05-12",
        "Lead",
        "a@example.org",
    ],
    [None, None, None, None, None, "Nurse", "n@example.org"],
    ["North Wolds", "P2", "C", "ashcombe", None, None, None],
]
WITH_TABLE = GOOD[: GOOD.index("chairs:")] + "participants: {file}\n"


def table(path, rows):
    if path.suffix == ".csv":
        lines = [",".join(f'"{cell or ""}"' for cell in row) for row in rows]
        path.write_text("\n".join(lines), encoding="utf-8-sig")
    else:
        book = openpyxl.Workbook()
        for row in rows:
            book.worksheets[0].append(row)
        book.save(path)


@pytest.mark.parametrize("name", ["areas.xlsx", "areas.csv"])
def test_participants_come_from_a_table_beside_the_file(written, tmp_path, name):
    table(tmp_path / name, [HEADER, *ROWS])
    cycle = load_cycle(written(WITH_TABLE.replace("{file}", name)), FRAMEWORKS)
    ashcombe = cycle.participant["ashcombe"]
    assert ashcombe.icb == ("A", "B")
    assert ashcombe.neighbours == ("north-wolds",)
    assert [contact.name for contact in ashcombe.contacts] == ["Lead", "Nurse"]
    assert len(ashcombe.unavailable) == 2


OWN_HEADINGS = [
    *("Region code", "Partnership area", "Health (ICB)", "Police force area", "Bordering areas"),
    *("Name", "Job title", "E-mail address", "Telephone", "Notes"),
]


@pytest.mark.parametrize("name", ["areas.xlsx", "areas.csv"])
def test_the_headings_of_an_offices_own_list_are_known(written, tmp_path, name):
    rows = [
        ["N1", "Ashcombe", "A", "P1", "North Wolds", "R. One", "Manager", "a@example.org", "01632 1", "x"],
        ["N2", "North Wolds", "B", "P2", "", "S. Two", "Manager", "b@example.org", "01632 2", ""],
    ]
    table(tmp_path / name, [OWN_HEADINGS, *rows])
    read = read_cycle_file(written(WITH_TABLE.replace("{file}", name)), FRAMEWORKS)
    ashcombe = read.cycle.participant["ashcombe"]
    (contact,) = ashcombe.contacts
    assert (ashcombe.police, ashcombe.icb, ashcombe.neighbours) == ("P1", ("A",), ("north-wolds",))
    assert (contact.name, contact.role, contact.email) == ("R. One", "Manager", "a@example.org")
    assert contact.phone == "01632 1"
    left_out = [one for one in read.warnings if "is left out" in one]
    assert [one.partition("`")[2].partition("`")[0] for one in left_out] == ["Region code", "Notes"]


def test_mistakes_in_a_table_are_told_at_their_cell(written, tmp_path):
    rows = [[*HEADER, "Capcity"], [*ROWS[0][:6], "nobody"], [*ROWS[2][:3], "nowhere"]]
    table(tmp_path / "areas.xlsx", rows)
    found = "\n".join(problems(written(WITH_TABLE.replace("{file}", "areas.xlsx"))))
    assert "sheet Sheet, cell H1: We don't know a column `Capcity`. Did you mean `capacity`?" in found
    assert "cell G2 (ashcombe): `nobody` isn't an email address" in found
    assert "cell D3 (north-wolds): There is no area `nowhere`" in found


@pytest.mark.parametrize(
    ("name", "content"), [("areas.xlsx", b"PK not"), ("areas.xls", b"x"), ("none.csv", None)]
)
def test_a_table_that_cannot_be_read_is_said_so(written, tmp_path, name, content):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    (told,) = problems(written(WITH_TABLE.replace("{file}", name)))
    assert told.startswith(name)


@pytest.mark.parametrize("rows", [[], [["Areas of the region"], *ROWS]])
def test_a_table_without_headings_is_told_of_alone(written, tmp_path, rows):
    table(tmp_path / "areas.xlsx", rows)
    found = problems(written(WITH_TABLE.replace("{file}", "areas.xlsx")))
    assert not [told for told in found if "has no name" in told or "line" in told]


@pytest.mark.parametrize("name", ["areas.csv", "areas.xlsx"])
def test_what_stands_under_no_heading_is_not_left_out_unseen(written, tmp_path, name):
    table(tmp_path / name, [["Name", "Police"], ["Kingsmouth", "City of", "P1"], ["Dunmere", "P2"]])
    found = "\n".join(problems(written(WITH_TABLE.replace("{file}", name))))
    assert "cell C2: There is no heading above `P1`." in found
    assert ("quotation marks" in found) == (name == "areas.csv")


@pytest.mark.parametrize("said", ["City of Kingsmouth", "Kingsmouth, City of", "city of  KINGSMOUTH"])
def test_an_area_of_an_index_goes_by_its_name_as_people_say_it(written, said):
    text = changed("name: Norwick", 'name: "Kingsmouth, City of"')
    cycle = load_cycle(written(text.replace("neighbours: [no]", f'neighbours: ["{said}"]')), FRAMEWORKS)
    assert cycle.participant["ashcombe"].neighbours == ("no",)


@pytest.mark.parametrize("said", ["see row 2", "as line 3", "same as before", "Same as row 12."])
def test_a_name_that_points_at_another_row_is_none(written, said):
    found = problems(written(changed("police: P2", f'police: "{said}"')))
    assert any("is no name" in str(problem) for problem in found)
