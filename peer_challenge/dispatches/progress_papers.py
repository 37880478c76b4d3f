"""The papers of the follow-up: the form of the progress report, its copy, and the letters around it."""

from collections.abc import Hashable, Mapping, Sequence

from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.forms import YES_NO, build_choices, build_form_words
from peer_challenge.dispatches.letters import build_common_words, count_statuses
from peer_challenge.dispatches.phrases import Context, format_full_day, read_cell_text, replaced_words
from peer_challenge.model.empty_words import is_unused
from peer_challenge.model.sentences import capitalise_first_letter, join_in_words
from peer_challenge.model.vocabulary import ActionStatus, ItemKind, Kind, name_submission
from peer_challenge.word.answers.planned_action import describe_planned_action, name_action
from peer_challenge.word.form.forms import REPORT, SECOND_ROW
from peer_challenge.word.package import marks

STATUS_WORDS = {status: capitalise_first_letter(status.value) for status in ActionStatus}
"""How far an action is, as the form's list and the copy say it."""


def number_actions(addresses: Sequence[str]) -> list[str]:
    """The number of each action: "2" for the only one on "development/2", "2.1" and "2.2" for two."""
    parts = [address.split("/")[1:] for address in addresses]
    several = {number for number, *further in parts if further}
    return [".".join([*one, "1"] if len(one) == 1 and one[0] in several else one) for one in parts]


def name_review(facts: Facts) -> str:
    """Which of the area's reports this is: "Progress report 1 of 2"."""
    count = len(facts.cycle.rules.review_months)
    return f"{REPORT}{facts.review} of {count}" if count > 1 else f"{REPORT}{facts.review}"


def build_progress_report_words(facts: Facts) -> Context:
    """The words that fill the form of the progress report: a row for each action of the plan."""
    before = {str(row["address"]): row for row in facts.progress.to_dict("records")}
    developments, titles = _read_developments(facts), _number_titles(facts)
    plan = []
    for row in facts.actions.to_dict("records"):
        if is_unused(read_cell_text(row["action"])):
            continue
        address = str(row["address"])
        _, number, *further = address.split("/")
        label = f"{number}. {titles.get(int(number), '')}".rstrip(". ")
        last = ActionStatus(said) if (said := read_cell_text(before.get(address, {}).get("status"))) else None
        plan.append(
            {
                "subheading": address,
                "mark": marks.row_bookmark(address),
                "label": label + SECOND_ROW if further == ["2"] else label,
                "is_long": False,
                "development": developments.get(number, ""),
                "planned": describe_planned_action({str(key): value for key, value in row.items()}),
                "last": last.value if last else "",
            }
        )
    return {
        **build_form_words(facts, "Progress report", "progress_report_due"),
        "plan": plan,
        "was_reported": any(row["last"] for row in plan),
        "review": name_review(facts),
        "is_last_review": facts.review == len(facts.cycle.rules.review_months),
        "choices": {
            "statuses": build_choices((STATUS_WORDS[one], one.value) for one in ActionStatus),
            "yes_no": YES_NO,
        },
    }


def _read_developments(facts: Facts) -> dict[str, str]:
    """Each agreed area for development as the plan has it, by its number."""
    found: dict[str, str] = {}
    for row in facts.actions.to_dict("records"):
        text, number = read_cell_text(row["development"]).strip(), str(row["address"]).split("/")[1]
        if text:
            found.setdefault(number, text)
    return found


def _number_titles(facts: Facts) -> dict[int, str]:
    """The sub-heading's title of each agreed area for development, by its number."""
    if not len(facts.items):
        return {}
    agreed = facts.items[facts.items["kind"] == ItemKind.DEVELOPMENT.value]
    return {n: read_cell_text(item.get("title")) for n, item in enumerate(agreed.to_dict("records"), 1)}


def build_progress_copy_words(facts: Facts) -> Context:
    """The words that fill the copy of a progress report, for the challenger to read."""
    reported = facts.progress.to_dict("records")
    numbers = number_actions([str(row["address"]) for row in reported])
    rows = [_describe_reported_action(*one) for one in zip(numbers, reported, strict=True)]
    author = facts.author.name if facts.author else ""
    return {
        **build_common_words(
            facts, "Progress on the action plan", f"{author} – {facts.cycle.name}, {name_review(facts)}"
        ),
        **replaced_words(facts),
        "rows": rows,
        "in_brief": count_statuses([str(row["status_id"]) for row in rows]),
    }


def _describe_reported_action(number: str, row: Mapping[Hashable, object]) -> Context:
    status = read_cell_text(row["status"])
    return {
        "number": number,
        "development": read_cell_text(row["development"]),
        "action": read_cell_text(row["action"]),
        "status": STATUS_WORDS[ActionStatus(status)] if status else read_cell_text(row["status_as_written"]),
        "status_id": status,
        "evidence": read_cell_text(row["evidence"]),
        "difference": read_cell_text(row["difference"]),
    }


def build_progress_comment_words(facts: Facts) -> Context:
    """The words that fill the letter with the challenger's comment on a progress report."""
    challenger = facts.challenger.name if facts.challenger else ""
    return {
        **build_common_words(facts, "A comment on your progress report", facts.cycle.name),
        "challenger": challenger,
        "review": facts.review,
        "report": name_submission(Kind.PROGRESS_REPORT, facts.review),
        "comment": [line for line in facts.comment.split("\n") if line.strip()],
    }


def build_action_reminder_words(facts: Facts) -> Context:
    """The words that fill the reminder that the day of actions has come, by their numbers."""
    assert facts.due_actions_on is not None
    due = facts.dates.get("progress_report_due")
    return {
        **build_common_words(facts, "Actions of your plan are due", facts.cycle.name),
        "actions": describe_due_actions(facts),
        "one": len(facts.due_actions) == 1,
        "due_on": format_full_day(facts.due_actions_on),
        "report_due": format_full_day(due) if due else "",
    }


def describe_due_actions(facts: Facts) -> str:
    """The actions whose day has come: "The action on area for development 1"."""
    return capitalise_first_letter(join_in_words(f"the {name_action(one)}" for one in facts.due_actions))


def build_follow_up_ended_words(facts: Facts) -> Context:
    """The words that fill the letter that says that no more progress reports are needed."""
    return {**build_common_words(facts, "No more progress reports are needed", facts.cycle.name)}
