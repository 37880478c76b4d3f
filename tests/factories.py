"""Cycles, forms and filled-in documents for tests, as the fictional region would have them."""

from dataclasses import replace
from functools import cache

import pandas as pd

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.render_dispatch import render_dispatch_file
from peer_challenge.dispatches.samples.sample_facts import sample_facts
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.framework import Framework
from peer_challenge.model.vocabulary import ItemKind, Kind
from peer_challenge.rehearsal import Region, rehearsal_cycle
from peer_challenge.word.form.forms import FORMS
from peer_challenge.word.write.render_template import WordTemplates


def a_cycle(areas: int = 4) -> Cycle:
    """The fictional cycle with so many areas.

    Its summaries go out without a draft, so that a test that is about something else has one step less.
    """
    cycle = rehearsal_cycle(areas)
    return cycle.model_copy(update={"rules": cycle.rules.model_copy(update={"accuracy_days": 0})})


def its_framework(cycle: Cycle) -> Framework:
    """The framework of a cycle, without what it leaves out."""
    return shipped_frameworks()[cycle.framework].without(cycle.omit)


@cache
def a_region(seed: int = 1, areas: int = 4) -> Region:
    """The people of the fictional cycle."""
    cycle = a_cycle(areas)
    return Region(seed, cycle, its_framework(cycle))


def a_challenger(cycle: Cycle, author: str) -> str:
    """An area that may challenge `author`: the first of another police force."""
    police = cycle.participant[author].police
    return next(p.id for p in cycle.participants if p.police != police)


def some_rows(region: Region, author: str, challenger: str | None = None) -> pd.DataFrame:
    """What an author wrote, as `Facts.rows`; with the commentary of `challenger` where one is given."""
    people, framework = region.people, region.people.framework
    asked = people.challenges(author, challenger) if challenger else {}
    return pd.DataFrame(
        {
            "focus_area": framework.focus_area_of[address].id,
            "focus_area_title": framework.focus_area_of[address].title,
            "subheading": address,
            "title": framework.subheadings[address].title,
            "prompt": framework.subheadings[address].prompt,
            "reference": framework.subheadings[address].reference or "",
            "strengths": row.strengths,
            "development": row.development,
            "rating": row.rating.value,
            "rating_as_written": row.rating.value,
            "commentary": asked.get(address, ""),
            "response_kind": "",
            "response": "",
        }
        for address, row in people.written(author).items()
    )


def some_items(region: Region, author: str) -> pd.DataFrame:
    """What was agreed about an author, as `Facts.items`."""
    people, framework = region.people, region.people.framework
    return pd.DataFrame(
        {
            "address": f"{kind.value}/{n}",
            "kind": kind.value,
            "position": n,
            "subheading": address,
            "title": framework.subheadings[address].title,
            "text": people.agreed_points(author)[address],
            "consensus": "Yes",
            "is_agreed": True,
        }
        for kind, addresses in people.agreed(author).items()
        for n, address in enumerate(addresses, 1)
    )


def some_actions(region: Region, author: str) -> pd.DataFrame:
    """The action plan of an author as it was accepted, as `Facts.actions`."""
    people = region.people
    agreed = people.agreed(author)[ItemKind.DEVELOPMENT]
    return pd.DataFrame(
        {
            "position": n,
            "address": address,
            "development": ""
            if address.count("/") > 1
            else people.agreed_points(author)[agreed[int(address.split("/")[1]) - 1]],
            "due_on": None,
            "due_on_as_written": row["due_on"],
            **{column: row[column] for column in ("action", "owner", "measure")},
        }
        for n, (address, row) in enumerate(people.draft(Kind.ACTION_PLAN, author, author).rows.items(), 1)
    )


def some_facts(kind: Kind, author: str | None = None, *, seed: int = 1, areas: int = 4) -> Facts:
    """The facts of the form on which a submission of `kind` about `author` comes back."""
    region, cycle = a_region(seed, areas), a_cycle(areas)
    author = author or cycle.authors[0].id
    challenger = a_challenger(cycle, author)
    sample = sample_facts(FORMS[kind].goes_out_as)
    return replace(
        sample,
        cycle=cycle,
        framework=its_framework(cycle),
        author=cycle.participant[author],
        challenger=cycle.participant[challenger],
        chair=cycle.chairs[0],
        event=replace(sample.event, chair=cycle.chairs[0]) if sample.event else None,
        rows=some_rows(region, author, None if kind is Kind.ANALYSIS else challenger),
        items=some_items(region, author),
        actions=some_actions(region, author) if kind is Kind.PROGRESS_REPORT else pd.DataFrame(),
        progress=pd.DataFrame(),
    )


@cache
def a_form(kind: Kind, author: str | None = None, *, seed: int = 1, areas: int = 4) -> bytes:
    """The blank form of `kind` for `author` (the cycle's first where None), as it is dispatched."""
    facts = some_facts(kind, author, seed=seed, areas=areas)
    return render_dispatch_file(facts, WordTemplates())


@cache
def a_filled(kind: Kind, author: str | None = None, *, seed: int = 1, areas: int = 4, turn: int = 1) -> bytes:
    """A form filled in by whoever sends it; without mistakes unless `turn` is 0."""
    cycle = a_cycle(areas)
    author = author or cycle.authors[0].id
    challenger = a_challenger(cycle, author)
    senders = {
        Kind.ANALYSIS: challenger,
        Kind.CHAIR_RECORD: cycle.chairs[0].id,
        Kind.CHALLENGER_CORRECTIONS: challenger,
    }
    form = a_form(kind, author, seed=seed, areas=areas)
    return a_region(seed, areas).fill(kind, form, senders.get(kind, author), round=turn)
