"""What changes something is a function of the domain that the page calls, and the command line where it can.

The tables say what is reached from the page alone, with the reason, so that nobody forgets one of the two.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

from peer_challenge.paths import ROOT

ROOMS = ("steering", "partners", "events", "operations", "outbox")
WHO = "actor"
"""The parameter by which each of them writes into the journal who did it."""

SAME_BY_ANOTHER_NAME = {
    "agree_events": "agree_as_proposed",
    "make_backup": "write_backup",
    "purge_by_hand": "purge_expired_data",
    "send_report_to_office": "write_regional_report",
    "remind_everybody_awaited": "remind_now",
    "remind_several": "remind_now",
    "open_draft": "store_cycle",
    "use_framework": "save_planned_framework",
    "restore_backup_here": "restore_backup",
    "begin_rehearsal": "run_rehearsal",
    "withdraw_area": "propose_change",  # `assign --without AREA`, then its approval
}
"""What the command line does by another function, as it has files and folders where the page has uploads."""

_READ = "somebody reads a document or a message first, and decides on its words"
_CONFIRMED = "it is decided about one challenge beside all that is known of it"
_DRAFT = "on the command line it is a file that somebody edits"
_LOOK = "on the command line it is a file in a folder: `templates check`, `templates preview`"
_DAYS = "it is chosen in the timetable, beside everybody's days"
_UPLOAD = "it keeps or hands out a file of a browser: on the command line it is a path"
_SENDING = "a message is sent, held and worded where it is read; what was marked wrongly is `not-sent`"
PAGE_ALONE = {
    "accept_finding": _READ,
    "undo_acceptance": _READ,
    "settle_correction": _READ,
    "finish_corrections": _READ,
    "decide_about_file": _READ,
    "comment_on_progress": _READ,
    "try_submission_again": _READ,
    "tick_off_rejected": _READ,
    "correct_day": _CONFIRMED,
    "change_dates": _CONFIRMED,
    "take_back_adjustment": _CONFIRMED,
    "change_dates_of_all": _CONFIRMED,
    "take_back_for_all": _CONFIRMED,
    "close_challenge": _CONFIRMED,
    "reopen_challenge": _CONFIRMED,
    "bring_area_back": _CONFIRMED,
    "close_cycle": _CONFIRMED,
    "reopen_cycle_by_decision": _CONFIRMED,
    "write_note": _CONFIRMED,
    "write_notes": _CONFIRMED,
    "tick_off_note": _CONFIRMED,
    "record_replies": _CONFIRMED,
    "note_who_came": _CONFIRMED,
    "give_event": _DAYS,
    "move_event": _DAYS,
    "move_events": _DAYS,
    "keep_changed_proposals": _DAYS,
    "propose_events_again": _DAYS,
    "begin_draft": _DRAFT,
    "change_values": _DRAFT,
    "save_item": _DRAFT,
    "put_table_aside": _DRAFT,
    "use_table": _DRAFT,
    "settle_points_of_table": _DRAFT,
    "take_areas_from_last_cycle": _DRAFT,
    "discard_draft": _DRAFT,
    "begin_framework_from_file": _DRAFT,
    "begin_framework_from": _DRAFT,
    "begin_empty_framework": _DRAFT,
    "choose_columns": _DRAFT,
    "save_framework_words": _DRAFT,
    "save_area": _DRAFT,
    "save_row": _DRAFT,
    "remove_part": _DRAFT,
    "move_part": _DRAFT,
    "save_origins": _DRAFT,
    "discard_framework_draft": _DRAFT,
    "delete_framework": _DRAFT,
    "change_settings": _DRAFT,
    "save_style": _LOOK,
    "use_style": _LOOK,
    "use_shipped_style": _LOOK,
    "put_template_aside": _LOOK,
    "use_template": _LOOK,
    "remove_waiting_template": _LOOK,
    "take_template_back": _LOOK,
    "change_public_text": _LOOK,
    "restore_public_text": _LOOK,
    "write_documents_zip": _UPLOAD,
    "write_drafts_zip": _UPLOAD,
    "note_download": _UPLOAD,
    "note_report": _UPLOAD,
    "note_backup_checked": _UPLOAD,
    "note_backup_taken": _UPLOAD,
    "keep_uploaded_backup": _UPLOAD,
    "remove_rehearsal": _UPLOAD,
    "stop_rehearsal": "on the command line one that runs is stopped with Ctrl-C",
    "send_overview_to_areas": _SENDING,
    "invite_guests": _SENDING,
    "send_links": _SENDING,
    "hold_message": _SENDING,
    "let_message_go": _SENDING,
    "mark_as_sent": _SENDING,
    "send_now": _SENDING,
    "edit_covering_words": _SENDING,
    "note_opened_to_look_at": _SENDING,
    "let_opened_document_go": _SENDING,
}
"""What is done on the page alone, and why."""
UNDONE_BY = {
    "accept_finding": "undo_acceptance",
    "identify_submission": "undo_identification",
    "reject_as_nobodys": "undo_identification",
    "open_draft": "undo_opening",
    "store_cycle": "undo_opening",
    "approve_latest": "undo_newest_step",
    "keep_trial": "undo_newest_step",
    "mark_as_sent": "take_back_sent",
    "change_dates": "take_back_adjustment",
    "change_dates_of_all": "take_back_for_all",
    "close_challenge": "reopen_challenge",
    "close_cycle": "reopen_cycle_by_decision",
    "withdraw_area": "bring_area_back",
    "change_public_text": "restore_public_text",
    "use_style": "use_shipped_style",
    "use_template": "take_template_back",
}
"""What each undoing undoes. What is not here is done again otherwise: a contact, a day, a rule, a note."""


@cache
def list_changing() -> frozenset[str]:
    """The functions of the domain that write into the journal who did something."""
    found = set()
    for room in ROOMS:
        for path in (ROOT / "peer_challenge" / room).glob("*.py"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    names = {one.arg for one in (*node.args.args, *node.args.kwonlyargs)}
                    found |= {node.name} if WHO in names else set()
    return frozenset(found)


@cache
def list_used(folder: str) -> frozenset[str]:
    """Every name that the modules of a folder use."""
    found: set[str] = set()
    for path in Path(ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Name):
                found.add(node.id)
            elif isinstance(node, ast.Attribute):
                found.add(node.attr)
            elif isinstance(node, ast.alias):
                found.add(node.name)
    return frozenset(found)


def on_page() -> set[str]:
    return set(list_changing() & list_used("dashboard"))


def on_command_line() -> frozenset[str]:
    return list_used("cli")


def test_what_the_page_changes_the_command_line_can_change_too_or_it_is_said_why_not() -> None:
    missing = {name for name in on_page() if name not in on_command_line()}
    same = {page for page, other in SAME_BY_ANOTHER_NAME.items() if other in on_command_line()}
    assert sorted(missing - set(PAGE_ALONE) - same) == []


def test_what_the_command_line_changes_the_page_can_change_too() -> None:
    missing = {name for name in list_changing() & on_command_line() if name not in on_page()}
    assert sorted(missing - set(SAME_BY_ANOTHER_NAME.values())) == []


def test_no_exception_is_out_of_date() -> None:
    assert sorted(set(PAGE_ALONE) - on_page()) == []
    assert sorted(set(PAGE_ALONE) & on_command_line()) == []
    used = list_used("dashboard")
    assert sorted(set(SAME_BY_ANOTHER_NAME) - used) == []
    assert sorted(set(SAME_BY_ANOTHER_NAME.values()) - on_command_line()) == []


@pytest.mark.parametrize("way", ["dashboard", "cli"])
def test_what_can_be_undone_is_undone_in_the_same_place(way: str) -> None:
    used = list_used(way)
    assert {done: undone for done, undone in UNDONE_BY.items() if done in used and undone not in used} == {}


def test_every_undoing_is_told_with_what_it_undoes() -> None:
    words = ("undo_", "take_back_", "restore_public")
    undoing = {name for name in list_changing() & list_used("dashboard") if name.startswith(words)}
    assert sorted(undoing - set(UNDONE_BY.values())) == []
