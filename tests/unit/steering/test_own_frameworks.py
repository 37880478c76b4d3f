"""Frameworks of the office's own as it saves them: no version is lost, nothing is kept in another's place."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard.framework_fields import list_area_fields, list_row_fields, list_word_fields, show_problems
from peer_challenge.cycle_file.check_framework import check_framework_entries
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.cycle_file.yaml_with_lines import Entry
from peer_challenge.frameworks.keep_ids import give_ids, list_entries, suggest_origins
from peer_challenge.frameworks.read_uploaded import UploadedFramework
from peer_challenge.frameworks.write_framework import write_framework_file
from peer_challenge.model.framework import Framework, find_newest_version
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings
from peer_challenge.steering import check_framework_draft, framework_drafts, own_frameworks

NOW = datetime(2027, 3, 22, 10, tzinfo=UTC)


def _entries(title: str = "Our framework", *rows: str) -> Entry:
    rows = rows or ("Shared vision", "Decision making")
    area = {
        "title": "Leadership",
        "subheadings": [{"title": row, "prompt": "What is there?"} for row in rows],
    }
    return {"title": title, "focus_areas": [area]}


def _framework(entries: Entry) -> Framework:
    framework, problems = check_framework_entries(entries)
    assert problems == [] and framework is not None
    return framework


def _begin(register: Register, settings: Settings, entries: Entry) -> int:
    uploaded = UploadedFramework(None, entries)
    return framework_drafts.begin_framework_from_file(
        register, settings, uploaded, at=NOW, actor="Programme office"
    )


def _use(register: Register, settings: Settings, number: int) -> Framework:
    with register.reading() as connection:
        version = framework_drafts.load_framework_draft(connection, number).version
    return own_frameworks.use_framework(
        register, settings, number, seen=version, at=NOW, actor="Programme office"
    )


def _retitle(register: Register, settings: Settings, number: int, title: str) -> None:
    with register.reading() as connection:
        entries = framework_drafts.load_framework_draft(connection, number).entries
    area = list_entries(entries, "focus_areas")[0]
    row = list_entries(area, "subheadings")[0]
    framework_drafts.save_row(
        register,
        settings,
        number,
        f"{area['id']}/{row['id']}",
        {"title": title},
        into=str(area["id"]),
        seen=framework_drafts.mark_part(row),
        at=NOW,
        actor="Programme office",
    )


def test_two_later_versions_of_one_framework_are_both_kept(register: Register, settings: Settings) -> None:
    first = _use(register, settings, _begin(register, settings, _entries()))
    one, other = (
        framework_drafts.begin_framework_from(register, settings, first.id, at=NOW, actor="Programme office")
        for _ in range(2)
    )
    _retitle(register, settings, one, "A vision that is shared")
    _retitle(register, settings, other, "One vision")
    assert _use(register, settings, one).id == first.id, "no cycle has used it: it is replaced"
    later = _use(register, settings, other)
    assert later.id != first.id and later.follows == first.id
    known = shipped_frameworks(settings.own_frameworks)
    titles = {
        ident: {row.title for row in known[ident].subheadings.values()} for ident in (first.id, later.id)
    }
    assert "A vision that is shared" in titles[first.id]
    assert "One vision" in titles[later.id]


def test_a_framework_that_nobody_else_has_changed_is_replaced(register: Register, settings: Settings) -> None:
    first = _use(register, settings, _begin(register, settings, _entries()))
    number = framework_drafts.begin_framework_from(
        register, settings, first.id, at=NOW, actor="Programme office"
    )
    _retitle(register, settings, number, "One vision")
    assert _use(register, settings, number).id == first.id
    assert [path.name for path in settings.own_frameworks.glob("*.yaml")] == [f"{first.id}.yaml"]


def test_a_file_with_the_name_that_an_id_would_get_is_left(register: Register, settings: Settings) -> None:
    settings.own_frameworks.mkdir(parents=True)
    broken = settings.own_frameworks / "our-framework.yaml"
    broken.write_text(
        write_framework_file(
            {**_entries("North"), "id": "north"} | give_ids(_entries(), None, ()) | {"id": "north"}
        )
    )
    before = broken.read_text()
    saved = _use(register, settings, _begin(register, settings, _entries("Our framework!", "Money")))
    assert broken.read_text() == before
    assert set(shipped_frameworks(settings.own_frameworks)) >= {"north", saved.id}


def test_of_two_files_with_one_id_the_one_that_is_used_is_found(tmp_path: Path) -> None:
    for name, title in (("a", "First"), ("b", "Second")):
        entries = {**give_ids(_entries(title), None, ()), "id": "north"}
        (tmp_path / f"{name}.yaml").write_text(write_framework_file(entries))
    assert shipped_frameworks(tmp_path)["north"].title == "Second"
    assert own_frameworks.find_framework_file(tmp_path, "north") == tmp_path / "b.yaml"


def test_two_areas_of_focus_with_one_title_are_told(register: Register, settings: Settings) -> None:
    entries = _entries()
    entries["focus_areas"] = [
        *list_entries(entries, "focus_areas"),
        *list_entries(_entries("", "Money"), "focus_areas"),
    ]
    number = _begin(register, settings, entries)
    with register.reading() as connection:
        draft = framework_drafts.load_framework_draft(connection, number)
        checked = check_framework_draft.check_framework_draft(connection, settings, draft)
    assert (("focus_areas", 1, "title"), "Another area of focus has this title.") in checked.problems


def test_a_subheading_that_carries_on_two_keeps_both_where_it_is_left_as_it_is(
    register: Register, settings: Settings
) -> None:
    base = _use(register, settings, _begin(register, settings, _entries("Base", "Vision", "Aims", "Money")))
    addresses = list(base.subheadings)
    entries = _entries("Later", "Vision and aims", "Money")
    entries["follows"] = base.id
    rows = list_entries(list_entries(entries, "focus_areas")[0], "subheadings")
    rows[0]["crosswalk"], rows[1]["crosswalk"] = addresses[:2], addresses[2:]
    number = _begin(register, settings, entries)

    def load() -> Entry:
        with register.reading() as connection:
            return framework_drafts.load_framework_draft(connection, number).entries

    origins = suggest_origins(load(), base)
    assert [one.said for one in origins] == [tuple(addresses[:2]), (addresses[2],)]
    shown = {one.address: one.suggested for one in origins}
    framework_drafts.save_origins(register, settings, number, shown, at=NOW, actor="Programme office")
    assert [one.said for one in suggest_origins(load(), base)] == [tuple(addresses[:2]), (addresses[2],)]
    changed = {**shown, origins[0].address: addresses[2]}
    framework_drafts.save_origins(register, settings, number, changed, at=NOW, actor="Programme office")
    assert suggest_origins(load(), base)[0].said == (addresses[2],)


def test_the_tenth_version_is_newer_than_the_ninth() -> None:
    first = _framework({**give_ids(_entries(), None, ()), "id": "ours"})
    known = {
        ident: first.model_copy(update={"id": ident, "follows": "ours"}) for ident in ("ours-9", "ours-10")
    }
    assert find_newest_version("ours", {**known, "ours": first}) == "ours-10"


@pytest.mark.parametrize(
    ("path", "field"),
    [
        (("title",), "title"),
        (("words", "headings", "strengths"), "headings-strengths"),
        (("words", "meanings", "RED"), "meanings-RED"),
        (("words", "headings"), "main-content"),
    ],
)
def test_a_problem_of_the_words_is_at_its_field(path: tuple[str, ...], field: str) -> None:
    _, listed = show_problems(list_word_fields({}, ()), (), [(path, "This is wrong.")])
    assert listed == [(field, "This is wrong.")]


def test_a_problem_of_a_part_is_at_its_field_or_at_the_page() -> None:
    row = list_row_fields({}, [{"id": "a", "title": "A"}], "a")
    at = ("focus_areas", 0, "subheadings", 1)
    told = [((*at, "prompt"), "Too long."), ((*at, "descriptors", "RED"), "Too short."), (at, "No.")]
    assert [name for name, _ in show_problems(row, at, told)[1]] == [
        "prompt",
        "descriptor-RED",
        "main-content",
    ]
    area = list_area_fields({})
    listed = show_problems(area, ("focus_areas", 0), [(("focus_areas", 0, "subheadings"), "None.")])[1]
    assert listed == [("main-content", "None.")]
