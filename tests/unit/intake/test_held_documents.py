"""A document in doubt is held: nothing goes out and nothing moves until the office says whose it is."""

import io
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import docx
import pytest
import sqlalchemy as sa
from alembic import command

from cli.main import main
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.errors import WrongUse
from peer_challenge.intake import hand_in
from peer_challenge.intake.check_command import check_files
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model import journey
from peer_challenge.model.access import Access, Person
from peer_challenge.model.vocabulary import Kind
from peer_challenge.model.whose_document import Candidate
from peer_challenge.operations.doctor import examine_installation
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.register import challenges, outbox, people, submissions, uploads
from peer_challenge.register import tables as t
from peer_challenge.register.archive import Archive, sha256_of
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register, _alembic_config
from peer_challenge.settings import Settings
from peer_challenge.steering import identify_submission as identifying
from peer_challenge.steering import undo_identification as undoing
from peer_challenge.word.package import marks
from peer_challenge.word.process import shared_pool
from tests import changed_forms as changed
from tests.factories import a_cycle, a_filled
from tests.fill_form import fill_form
from tests.web.world import an_empty_world, day, pair_all_areas, send_self_assessments

CYCLE = a_cycle(4)
ONE, OTHER, THIRD = (area.id for area in CYCLE.participants[:3])
NAME, OTHER_NAME, THIRD_NAME = (area.name for area in CYCLE.participants[:3])
AT = datetime(2027, 2, 1, 10, tzinfo=UTC)
LATER = AT + timedelta(days=5)
SELF, RESPONSE, ANALYSIS, RECORD = Kind.SELF_ASSESSMENT, Kind.RESPONSE, Kind.ANALYSIS, Kind.CHAIR_RECORD


def form(kind: Kind = SELF, area: str = ONE, seed: int = 1) -> bytes:
    return a_filled(kind, area, seed=seed, areas=4, turn=1)


TITLE = f"{NAME} – {CYCLE.name}"
IN_DOUBT = {
    "another's name in the title": lambda: changed.retitled(form(), NAME, OTHER_NAME),
    "another's partnership in the title": lambda: changed.retitled(
        form(), TITLE, f"{CYCLE.participants[1].partnership} – {CYCLE.name}"
    ),
    "another's alias in a heading": lambda: changed.with_heading(form(), CYCLE.participants[1].aliases[0]),
    "another's name with a slip of the pen": lambda: changed.retitled(form(), NAME, OTHER_NAME[:-2] + "e"),
    "another's name in the possessive": lambda: changed.with_heading(
        form(), f"{OTHER_NAME}’s self-assessment"
    ),
    "both names in the title": lambda: changed.retitled(
        form(), TITLE, f"{NAME} and {OTHER_NAME} – {CYCLE.name}"
    ),
    "an area nobody knows in the title": lambda: changed.retitled(form(), NAME, "Zedland"),
    "another's marks under the own name": lambda: changed.with_marks(form(), {marks.PARTICIPANT: OTHER}),
    "marks of another form": lambda: changed.with_marks(form(), {marks.KIND: "response"}),
    "no marks and two names": lambda: changed.with_heading(changed.without_marks(form()), OTHER_NAME),
    "no marks and no title": lambda: changed.without_title(changed.without_marks(form()), NAME),
    "no marks, and a slip of the pen in the title": lambda: changed.retitled(
        changed.without_marks(form()), NAME, NAME + "e"
    ),
    "a response without marks and title": lambda: changed.without_title(
        changed.without_marks(form(RESPONSE)), TITLE
    ),
    "an analysis' tables in a new document": lambda: changed.tables_in_a_new_document(form(ANALYSIS)),
    "a self-assessment's tables in a new document": lambda: changed.tables_in_a_new_document(form()),
    "a record's tables in a new document": lambda: changed.tables_in_a_new_document(form(RECORD)),
    "an analysis without marks that one name heads": lambda: changed.retitled(
        changed.without_marks(form(ANALYSIS)), f"{NAME}, challenged by", "By"
    ),
}


@pytest.fixture
def office(settings: Settings, register: Register) -> Iterator[Register]:
    """An open cycle, its templates sent."""
    with register.writing() as connection:
        framework = shipped_frameworks()[CYCLE.framework]
        store_cycle(connection, CYCLE, framework, at=datetime(2027, 1, 11, tzinfo=UTC), actor="test")
    advance_challenges(register, settings, datetime(2027, 1, 11, tzinfo=UTC))
    yield register


def put(settings: Settings, data: bytes, name: str = "form.docx") -> None:
    settings.inbox_folder.mkdir(parents=True, exist_ok=True)
    (settings.inbox_folder / name).write_bytes(data)


def taken_in(
    office: Register, settings: Settings, data: bytes, at: datetime = AT
) -> sa.Row[tuple[object, ...]]:
    """The row of a document that was put into the inbox folder, taken in and answered."""
    put(settings, data)
    take_in_ready_documents(office, settings, at)
    advance_challenges(office, settings, at)
    return rows(office)[-1]


def rows(office: Register) -> list[sa.Row[tuple[object, ...]]]:
    with office.reading() as connection:
        return list(connection.execute(sa.select(t.submissions).order_by(t.submissions.c.id)))


def answers(office: Register) -> list[tuple[str, str]]:
    """What went or is to go to anybody in answer to a document: kind and recipient."""
    with office.reading() as connection:
        query = sa.select(t.dispatches.c.kind, t.dispatches.c.recipient_id)
        query = query.where(t.dispatches.c.kind.not_in([send.kind for send in journey.OPENING]))
        return [(row.kind, row.recipient_id) for row in connection.execute(query)]


def files(settings: Settings) -> set[str]:
    return {path.name for path in settings.outbox_folder.rglob("*") if path.is_file()}


def sender(office: Register, area: str | None, access: Access = Access.PARTICIPANT) -> int:
    """The account of somebody who signs in."""
    email = f"{access}-{area}@example.org"
    with office.writing() as connection:
        in_cycle = access is not Access.OFFICE
        chair = area if access is Access.CHAIR else None
        people.add_person(
            connection,
            email,
            "Somebody",
            access,
            at=AT,
            actor="test",
            cycle_id=CYCLE.id if in_cycle else None,
            participant_id=area if access is Access.PARTICIPANT else None,
            chair_id=chair,
        )
        user = people.find_user_by_email(connection, email)
        assert user is not None
        return int(user.id)


def identify(
    office: Register,
    settings: Settings,
    number: int,
    area: str = ONE,
    kind: Kind = SELF,
    at: datetime = LATER,
) -> None:
    identifying.identify_submission(
        office,
        settings,
        number,
        Candidate(CYCLE.id, area, kind),
        reason="They told us by telephone.",
        at=at,
        actor="office",
    )
    advance_challenges(office, settings, at)


@pytest.mark.parametrize("case", IN_DOUBT)
def test_a_document_in_doubt_is_held_and_nothing_goes_to_anybody(office, settings, case):
    before, data = files(settings), IN_DOUBT[case]()
    row = taken_in(office, settings, data)
    assert row.held_since_at == AT and row.outcome == "queried"
    assert (row.challenge_id, row.version, row.is_current) == (None, None, False)
    assert answers(office) == [] and files(settings) == before
    assert Archive(settings.archive_folder).get(row.sha256) == data
    assert row.doubt["reasons"]
    with office.reading() as connection:
        stages = set(connection.scalars(sa.select(t.challenges.c.stage)))
        held = identifying.describe_held(connection, row.id)
    assert stages == {"invited"} and all(held.reasons)


NOW_PRINTED = "a row for each sub-heading that"


@pytest.mark.parametrize("printed", [NOW_PRINTED, "a row for each of the 11 sub-headings that"])
def test_the_challenger_that_a_response_prints_is_not_suggested_as_its_author(office, settings, printed):
    """Of the areas that it challenges, those whose response is still awaited are suggested."""
    untitled = changed.without_title(changed.without_marks(form(RESPONSE)), TITLE)
    data = changed.retitled(untitled, NOW_PRINTED, printed)
    texts = [paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs]
    assert any(f"{printed} {OTHER_NAME} asks about" in text for text in texts)
    with office.writing() as connection:
        for author, challenger in ((ONE, OTHER), (OTHER, THIRD), (THIRD, ONE)):
            challenge = sa.update(t.challenges).where(t.challenges.c.author_id == author)
            connection.execute(challenge.values(challenger_id=challenger))
    row = taken_in(office, settings, data)
    with office.reading() as connection:
        held = identifying.describe_held(connection, row.id)
    assert row.held_since_at == AT
    assert [(choice.author_id, choice.kind) for choice in held.suggested] == [(ONE, RESPONSE)]
    assert (held.agreed_area, held.agreed_kind) == ((CYCLE.id, ONE), RESPONSE)


def test_an_area_or_a_kind_is_chosen_beforehand_only_where_all_suggestions_agree(office, settings):
    row = taken_in(office, settings, IN_DOUBT["another's name in the title"]())

    def describe(*candidates: tuple[str, Kind], reasons: tuple[str, ...] = ()) -> tuple[object, object]:
        given = [Candidate(CYCLE.id, area, kind).as_dict() for area, kind in candidates]
        doubt = {"reasons": reasons, "candidates": given}
        with office.writing() as connection:
            connection.execute(sa.update(t.submissions).values(doubt=doubt))
            held = identifying.describe_held(connection, row.id)
        return held.agreed_area and held.agreed_area[1], held.agreed_kind

    assert describe((ONE, SELF)) == (ONE, SELF)
    assert describe((ONE, SELF), (OTHER, SELF)) == (None, SELF)
    assert describe((ONE, SELF), (ONE, ANALYSIS), (ONE, RESPONSE)) == (ONE, None)
    assert describe() == (None, SELF)
    assert describe(reasons=("identity.kind_unclear",)) == (None, None)


@pytest.mark.parametrize("case", IN_DOUBT)
def test_check_says_that_the_office_has_to_say_whose_it_is(office, settings, tmp_path, case):
    file = tmp_path / "form.docx"
    file.write_bytes(IN_DOUBT[case]())
    [told] = check_files([file], settings)
    assert told["outcome"] == "queried" and told["participant"] is None
    assert "identity.held" in {finding["code"] for finding in told["findings"]}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("as it was sent", form),
        (
            "with the own alias in a heading",
            lambda: changed.with_heading(form(), CYCLE.participants[0].aliases[0]),
        ),
        ("with a slip in the own name", lambda: changed.retitled(form(), NAME, NAME[:-1])),
        ("with a neighbour in a sentence", lambda: changed.with_heading(form(), f"We border {OTHER_NAME}.")),
        (
            "with a neighbour in words",
            lambda: changed.with_heading(form(), f"Work with {OTHER_NAME} hospitals"),
        ),
        ("without marks", lambda: changed.without_marks(form())),
    ],
)
def test_an_honest_form_is_taken_in_as_before(office, settings, name, data):
    row = taken_in(office, settings, data())
    assert (row.held_since_at, row.challenge_id, row.version) == (None, f"{CYCLE.id}/{ONE}", 1), name
    assert answers(office) == [("receipt", ONE)]


def test_what_the_office_says_is_answered_once_and_to_that_area_alone(office, settings):
    """Ashcombe's marks, Eastholme's name: when it is Eastholme's, Ashcombe never gets anything."""
    row = taken_in(office, settings, changed.retitled(form(), NAME, OTHER_NAME))
    preview = identifying.preview_identification(office, settings, row.id, Candidate(CYCLE.id, OTHER, SELF))
    assert rows(office)[-1] == row and any(OTHER_NAME in told for told in preview.told)
    identify(office, settings, row.id, OTHER)
    after = rows(office)[-1]
    assert (after.challenge_id, after.version, after.is_current) == (f"{CYCLE.id}/{OTHER}", 1, True)
    assert after.held_since_at is None and after.identified_by == "office"
    assert answers(office) == [("receipt", OTHER)]
    assert not [path for path in settings.outbox_folder.rglob(f"{ONE}/*") if "eceipt" in path.name]
    with office.reading() as connection:
        challenge = connection.execute(sa.select(t.challenges).where(t.challenges.c.author_id == OTHER)).one()
        entry = connection.execute(
            sa.select(t.journal).where(t.journal.c.event == "document identified")
        ).one()
        codes = set(connection.scalars(sa.select(t.findings.c.code)))
    assert challenge.stage == "self-assessed" and challenge.self_assessment_received_at == AT
    assert entry.actor == "office" and entry.details["reason"] == "They told us by telephone."
    assert "intake.identified" in codes and "identity.held" not in codes


def test_a_second_decision_is_refused_in_words_and_changes_nothing(office, settings):
    row = taken_in(office, settings, IN_DOUBT["another's name in the title"]())
    identify(office, settings, row.id)
    before = answers(office)
    for area in (ONE, OTHER):
        with pytest.raises(WrongUse, match="office decided on 6 February 2027"):
            identify(office, settings, row.id, area)
    with pytest.raises(WrongUse, match="decided"):
        identifying.reject_as_nobodys(office, row.id, reason="no reason", at=LATER, actor="office")
    assert answers(office) == before == [("receipt", ONE)]


def undo(office: Register, settings: Settings, number: int, reason: str = "It was another's.") -> None:
    undoing.undo_identification(office, settings, number, reason=reason, at=LATER, actor="office")


def say_whose(office: Register, settings: Settings, number: int, area: str, kind: Kind = SELF) -> None:
    """The office's answer before anything that follows goes out."""
    answer = Candidate(CYCLE.id, area, kind)
    identifying.identify_submission(
        office, settings, number, answer, reason="By telephone.", at=LATER, actor="office"
    )


def challenges_now(office: Register) -> list[sa.Row[tuple[object, ...]]]:
    with office.reading() as connection:
        return list(connection.execute(sa.select(t.challenges).order_by(t.challenges.c.id)))


def findings_now(office: Register) -> list[sa.Row[tuple[object, ...]]]:
    with office.reading() as connection:
        return list(connection.execute(sa.select(t.findings).order_by(t.findings.c.position)))


@pytest.mark.parametrize("case", ["nobody's", "accepted", "asked about", "rejected"])
def test_what_was_said_of_a_held_document_can_be_taken_back_and_said_again(office, settings, case):
    name = "a response without marks and title" if case == "rejected" else "another's name in the title"
    data = changed.retitled(form(), NAME, OTHER_NAME)
    if case == "asked about":
        data = changed.retitled(fill_form(form(), {"signed_off_police": ""}), NAME, OTHER_NAME)
    row = taken_in(office, settings, IN_DOUBT[name]() if case == "rejected" else data)
    before = (row, challenges_now(office), findings_now(office))
    if case == "nobody's":
        identifying.reject_as_nobodys(office, row.id, reason="astray", at=LATER, actor="office")
    else:
        say_whose(office, settings, row.id, OTHER, RESPONSE if case == "rejected" else SELF)
    outcomes = {
        "nobody's": "rejected",
        "accepted": "warned",
        "asked about": "queried",
        "rejected": "rejected",
    }
    assert rows(office)[-1].outcome == outcomes[case]
    with office.reading() as connection:
        told = " ".join(undoing.describe_undoing(connection, row.id).told)
    assert "held again" in told and ("not sent" in told) is (case != "nobody's")
    with pytest.raises(WrongUse, match="no reason"):
        undo(office, settings, row.id, " ")
    undo(office, settings, row.id)
    advance_challenges(office, settings, LATER)
    assert (rows(office)[-1], challenges_now(office), findings_now(office)) == before
    with office.reading() as connection:
        states = set(connection.scalars(sa.select(t.dispatches.c.state)))
        waiting = outbox.list_waiting_dispatches(connection)
    assert waiting == [] and states <= {"issued", "cancelled"}
    with pytest.raises(WrongUse, match="taken back already"):
        undo(office, settings, row.id)
    identify(office, settings, row.id, OTHER, RESPONSE if case == "rejected" else SELF)
    with office.reading() as connection:
        issued = connection.execute(
            sa.select(t.dispatches.c.kind, t.dispatches.c.recipient_id).where(
                t.dispatches.c.state == "issued", t.dispatches.c.kind.in_(["receipt", "query_letter"])
            )
        ).all()
    assert [tuple(one) for one in issued] == [
        ("receipt" if case in ("nobody's", "accepted") else "query_letter", OTHER)
    ]


def test_a_challenge_goes_back_to_the_review_that_it_was_at(office):
    with office.writing() as connection:
        (before, *_) = challenges.list_challenges_in_cycle(connection, CYCLE.id)
        state = challenges.describe_state(before)
        connection.execute(t.challenges.update().where(t.challenges.c.id == before.id).values(last_review=2))
        challenges.restore_state(connection, CYCLE, before.id, state)
        assert challenges.find_challenge(connection, before.id) == before


def test_the_version_that_was_replaced_is_in_force_again(office, settings):
    held = taken_in(office, settings, changed.retitled(form(seed=2), NAME, OTHER_NAME))
    former = taken_in(office, settings, form(), LATER)
    say_whose(office, settings, held.id, ONE)
    assert [row.is_current for row in rows(office)] == [True, False]
    undo(office, settings, held.id)
    assert [row.is_current for row in rows(office)] == [False, True] and rows(office)[-1].id == former.id


def test_what_has_gone_out_or_was_decided_on_since_can_not_be_taken_back(office, settings):
    row = taken_in(office, settings, changed.retitled(form(), NAME, OTHER_NAME))
    with pytest.raises(WrongUse, match="Nobody has said"):
        undo(office, settings, row.id)
    identify(office, settings, row.id, OTHER)
    with pytest.raises(WrongUse, match="receipt went out since"):
        undo(office, settings, row.id)
    with office.reading() as connection:
        assert not undoing.can_be_taken_back(connection, submissions.load_submission(connection, row.id))
    assert rows(office)[-1].held_since_at is None


def test_a_decision_without_a_reason_or_for_no_area_is_refused(office, settings):
    row = taken_in(office, settings, IN_DOUBT["another's name in the title"]())
    for answer, reason in (
        (Candidate(CYCLE.id, ONE, SELF), " "),
        (Candidate(CYCLE.id, "nowhere", SELF), "a reason"),
        (Candidate("another", ONE, SELF), "a reason"),
        (Candidate(CYCLE.id, ONE, None), "a reason"),
    ):
        with pytest.raises(WrongUse) as refused:
            identifying.identify_submission(
                office, settings, row.id, answer, reason=reason, at=LATER, actor="office"
            )
        assert refused.value.remedy
    assert rows(office)[-1].held_since_at == AT


def test_what_is_nobodys_is_rejected_and_nobody_is_told(office, settings):
    row = taken_in(office, settings, IN_DOUBT["another's name in the title"]())
    identifying.reject_as_nobodys(
        office, row.id, reason="A draft that went astray.", at=LATER, actor="office"
    )
    advance_challenges(office, settings, LATER)
    after = rows(office)[-1]
    assert (after.outcome, after.held_since_at, after.challenge_id) == ("rejected", None, None)
    assert answers(office) == []


def test_after_the_challenge_has_moved_on_the_preview_says_what_is_wrong(office, settings):
    row = taken_in(
        office, settings, form(ANALYSIS), at=AT
    )  # there is no challenger yet, and no pack went out
    assert row.outcome == "rejected"
    held = taken_in(office, settings, IN_DOUBT["a response without marks and title"]())
    preview = identifying.preview_identification(
        office, settings, held.id, Candidate(CYCLE.id, ONE, RESPONSE)
    )
    assert any("too early or too late" in told for told in preview.told)
    identify(office, settings, held.id, ONE, RESPONSE)
    assert rows(office)[-1].outcome == "rejected"
    assert ("query_letter", ONE) in answers(office)


def test_what_came_in_its_turn_and_was_held_is_taken_in_when_the_challenge_has_moved_on(tmp_path):
    world = an_empty_world(tmp_path / "home")
    send_self_assessments(world)
    pair_all_areas(world)
    (world.settings.inbox_folder / "form.docx").write_bytes(IN_DOUBT["another's name in the title"]())
    take_in_ready_documents(world.register, world.settings, day(3, 5))
    held = rows(world.register)[-1]
    world.send_in(ANALYSIS, ONE, day(3, 19))
    assert held.held_since_at is not None
    with world.register.reading() as connection:
        challenge = challenges.find_challenge(connection, held.challenge_id or f"{CYCLE.id}/{ONE}")
    assert challenge is not None and not journey.can_receive(SELF, challenge.stage)
    identify(world.register, world.settings, held.id, at=day(3, 20))
    after = next(row for row in rows(world.register) if row.id == held.id)
    assert after.outcome == "warned" and after.is_current
    assert ("query_letter", ONE) not in answers(world.register)


def test_an_older_document_that_would_replace_a_newer_one_is_told_before(office, settings):
    held = taken_in(office, settings, IN_DOUBT["another's name in the title"]())
    taken_in(office, settings, form(seed=2), at=LATER)
    preview = identifying.preview_identification(office, settings, held.id, Candidate(CYCLE.id, ONE, SELF))
    assert any("came later" in told and "Version 1" in told for told in preview.told)


@pytest.mark.parametrize("who", ["the other area", "the own area", "the office"])
def test_who_sent_it_in_counts_also_when_the_same_bytes_lie_in_the_folder(office, settings, who):
    data = form()
    area, access = {
        "the other area": (OTHER, Access.PARTICIPANT),
        "the own area": (ONE, Access.PARTICIPANT),
        "the office": (None, Access.OFFICE),
    }[who]
    user = sender(office, area, access)
    with office.writing() as connection:
        uploads.note_upload(connection, user, sha256_of(data), AT)
    put(settings, data, "copy in the folder.docx")
    row = taken_in(office, settings, data)
    assert len(rows(office)) == 1
    assert (row.source, row.uploaded_by) == ("page", user)
    assert (row.held_since_at is not None) is (who == "the other area")


def test_the_same_bytes_again_by_somebody_else_are_no_new_version(office, settings):
    data = form()
    taken_in(office, settings, data)
    user = sender(office, OTHER)
    with office.writing() as connection:
        uploads.note_upload(connection, user, sha256_of(data), LATER)
    row = taken_in(office, settings, data, LATER)
    assert (row.version, row.source, len(rows(office))) == (1, "folder", 1)


def test_a_chairs_record_by_another_chair_than_the_appointed_is_held(office, settings):
    with office.writing() as connection:
        connection.execute(
            t.challenges.update()
            .where(t.challenges.c.author_id == ONE)
            .values(stage="event held", challenger_id=THIRD)
        )
        connection.execute(
            t.events.insert().values(
                challenge_id=f"{CYCLE.id}/{ONE}",
                chair_id=CYCLE.chairs[1].id,  # the record is by the first
                starts_at=AT,
                ends_at=AT + timedelta(hours=2),
                place="Online",
            )
        )
    row = taken_in(office, settings, form(RECORD), LATER)
    assert row.doubt["reasons"] == ["identity.other_chair"]
    assert answers(office) == []


def test_a_former_challengers_analysis_goes_to_nobody(office, settings):
    with office.writing() as connection:
        connection.execute(
            t.challenges.update()
            .where(t.challenges.c.author_id == ONE)
            .values(stage="in analysis", challenger_id=THIRD)
        )
    data = changed.with_marks(form(ANALYSIS), {marks.CHALLENGER: OTHER})
    row = taken_in(office, settings, data, LATER)
    assert "identity.other_challenger" in row.doubt["reasons"]
    assert answers(office) == []


def test_held_documents_are_told_to_the_office(office, settings):
    taken_in(office, settings, IN_DOUBT["another's name in the title"]())
    [check] = [check for check in examine_installation(settings, AT) if check.name == "whose documents are"]
    assert not check.is_well and not check.is_fatal and "identify" in check.remedy


def test_the_command_line_lists_what_is_held_and_decides(office, settings, monkeypatch, capsys):
    row = taken_in(office, settings, IN_DOUBT["another's name in the title"]())

    def ends(*arguments: str) -> int:
        called = ["peer-challenge", "identify", *arguments, "--home", str(settings.home)]
        monkeypatch.setattr(sys, "argv", called)
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0)

    assert ends() == 0
    assert NAME in capsys.readouterr().out
    decide = (str(row.id), "--area", OTHER_NAME, "--kind", "self-assessment", "--today", "2027-02-06")
    assert ends(*decide) == 64  # without a reason
    assert ends(*decide[:1], "--area", "Nowhere", *decide[3:], "--reason", "by telephone") == 64
    assert "The areas:" in capsys.readouterr().err
    assert ends(*decide, "--reason", "by telephone", "--yes") == 0
    assert answers(office) == [("receipt", OTHER)]
    assert ends(*decide, "--reason", "by telephone", "--yes") == 64
    assert "decided on 6 February 2027" in capsys.readouterr().err


def test_uploads_that_the_journal_alone_knew_become_rows(settings):
    """A register of the version before: who sent what in is not lost on the way to this one."""
    settings.make_folders()
    config = _alembic_config(settings.register_url)
    command.upgrade(config, "0004")
    engine = sa.create_engine(settings.register_url)
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO users (id, email, name, access, must_change_password, is_active, created_at) "
                "VALUES (7, 'a@example.org', 'A', 'participant', 0, 1, '2027-01-01')"
            )
        )
        connection.execute(
            t.journal.insert(),
            {
                "sequence": 1,
                "at": AT,
                "actor": "A",
                "event": "document uploaded",
                "details": {"user": 7, "sha256": "5" * 64},
                "previous_hash": "0" * 64,
                "hash": "1" * 64,
            },
        )
        connection.execute(
            sa.text(
                "INSERT INTO submissions (id, sha256, file_name, size, received_at, outcome, is_current) "
                f"VALUES (1, '{'5' * 64}', 'x.docx', 1, '2027-01-01', 'rejected', 0)"
            )
        )
    command.upgrade(config, "head")
    with engine.begin() as connection:
        row = connection.execute(sa.select(t.submissions)).one()
        assert (row.source, row.uploaded_by, row.held_since_at) == ("page", 7, None)
        assert [person.id for person in uploads.uploaders_of(connection, "5" * 64)] == [7]
    command.downgrade(config, "0004")
    engine.dispose()


def test_while_others_are_read_an_upload_waits_for_a_moment_only_and_is_decided_at_intake(
    office, settings, monkeypatch
):
    """Somebody whose document takes long to read must not keep every other page from being answered."""
    monkeypatch.setattr(hand_in, "_WAIT_SECONDS", 0.2)
    number, data = sender(office, OTHER), form()
    person = Person(number, "Somebody", Access.PARTICIPANT, CYCLE.id, participant_id=OTHER)

    def admit() -> str | None:
        return hand_in.admit_upload(office, settings, person, "form.docx", data, AT)

    assert admit() == hand_in.NOT_YOURS
    with shared_pool._lock:  # as while another document is read
        assert admit() is None
        with ThreadPoolExecutor(30) as crowd:
            told = [crowd.submit(admit) for _ in range(30)]
            assert [one.result() for one in told] == [None] * 30
    row = taken_in(office, settings, data)
    assert row.held_since_at == AT and row.doubt["reasons"] == ["identity.other_sender"]
    assert answers(office) == []


def test_what_a_former_challenger_wrote_is_never_answered_to_the_present_one(office, settings):
    with office.writing() as connection:
        challenge = f"{CYCLE.id}/{ONE}"
        connection.execute(
            t.challenges.update()
            .where(t.challenges.c.id == challenge)
            .values(stage="in analysis", challenger_id=THIRD, paired_at=AT)
        )
        connection.execute(
            t.dispatches.insert().values(
                cycle_id=CYCLE.id,
                challenge_id=challenge,
                kind="analysis_pack",
                role="challenger",
                recipient_id=OTHER,
                key="pack of the former",
                parameters={},
                state="issued",
                intended_at=AT,
            )
        )
    data = changed.with_marks(form(ANALYSIS), {marks.CHALLENGER: OTHER})
    row = taken_in(office, settings, data, LATER)
    assert row.doubt["reasons"] == ["identity.other_challenger"]
    preview = identifying.preview_identification(office, settings, row.id, Candidate(CYCLE.id, ONE, ANALYSIS))
    assert any(
        "go to the programme office" in told or "goes to the programme office" in told
        for told in preview.told
    )
    identify(office, settings, row.id, ONE, ANALYSIS)
    after = rows(office)[-1]
    assert (after.writer_role, after.writer_id) == ("challenger", OTHER)
    replies = ("receipt", "query_letter", "fix_it_copy")
    assert {who for kind, who in answers(office) if kind in replies} == {"office"}


def test_the_command_line_takes_back_what_was_said(office, settings, monkeypatch, capsys):
    row = taken_in(office, settings, IN_DOUBT["another's name in the title"]())

    def ends(*arguments: str) -> int:
        called = ["peer-challenge", "identify", str(row.id), *arguments, "--home", str(settings.home)]
        monkeypatch.setattr(sys, "argv", [*called, "--today", "2027-02-06", "--reason", "by telephone"])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0)

    assert ends("--undo") == 64  # nothing was said yet
    assert ends("--nobody") == 0
    assert rows(office)[-1].held_since_at is None
    assert ends("--undo", "--nobody") == 64 and ends("--undo") == 64
    assert "--yes" in capsys.readouterr().err
    assert rows(office)[-1].held_since_at is None
    assert ends("--undo", "--yes") == 0
    assert "held again" in capsys.readouterr().out
    assert rows(office)[-1].held_since_at is not None
