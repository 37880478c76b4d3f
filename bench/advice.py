"""How often the disclosure guard and the challenge prompts are right, on the labelled sets.

`python -m bench.advice` prints both parts; `--mistakes` also the sentences got wrong in the part for
development (never of the held-out part, so that nobody tunes to it).
"""

import sys

import pandas as pd

from peer_challenge.advice.identifying_details import find_identifying
from peer_challenge.advice.prompts import BANK, prompts_for
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from tests.labelled import Sentence, Told, alarms, narratives, sentences

FRAMEWORK = "working-together-2018"


def disclosure_figures(labelled: list[Sentence]) -> dict[str, float]:
    """precision and recall of marks, and how many traps trip, over `labelled`.

    A hit beside a marked one, such as a brother's name, is not counted: the sentence is rightly stopped.
    """
    right = false = missed = tripped = 0
    for each in labelled:
        hits = {each.text[hit.start : hit.end] for hit in find_identifying(each.text)}
        wanted = {text for _, text in each.marks}
        found = {w for w in wanted if any(w in h or h in w for h in hits)}
        right += len(found)
        missed += len(wanted - found)
        false += 0 if wanted else len(hits)
        tripped += bool(hits and not wanted)
    return {
        "sentences": len(labelled),
        "precision": right / max(right + false, 1),
        "recall": right / max(right + missed, 1),
        "traps_tripped": tripped,
    }


def alarm_figures(labelled: list[tuple[str, bool]]) -> dict[str, float]:
    """Of sentences: precision and recall of what the guard notices, and precision where it is sure."""
    noticed = [(find_identifying(text), is_alarm) for text, is_alarm in labelled]
    found = [is_alarm for hits, is_alarm in noticed if hits]
    sure = [is_alarm for hits, is_alarm in noticed if any(hit.is_sure for hit in hits)]
    return {
        "sentences": len(labelled),
        "precision": sum(found) / max(len(found), 1),
        "recall": sum(found) / max(sum(is_alarm for _, is_alarm in labelled), 1),
        "sure": len(sure),
        "precision_where_sure": sum(sure) / max(len(sure), 1),
    }


def prompt_shapes(labelled: list[Told]) -> list[list[int]]:
    """The shapes offered for each narrative, in order."""
    framework = shipped_frameworks()[FRAMEWORK]
    columns = ["subheading", "strengths", "development", "rating"]
    offered = []
    for each in labelled:
        row = pd.DataFrame(
            [[each.subheading, each.strengths, each.development, each.rating]], columns=columns
        )
        offered.append([int(shape) for shape in prompts_for(row, framework)["shape"]])
    return offered


def prompt_figures(labelled: list[Told]) -> dict[str, float]:
    """Of questions that quote: how many, and the share that fits in no way. Of RED rows: the share unasked.

    Shapes 4 (what was left out) and 5 (how it will last) both take a strength for one: either fits. So do 2
    and 7 where nothing is shown. Shape 6 takes a plan for granted, as rows do that are to be left alone (0).
    """
    pairs = list(zip(labelled, prompt_shapes(labelled), strict=True))
    quoting = [(each, shape) for each, shapes in pairs for shape in shapes if shape != BANK]
    fits = {1: {1}, 2: {2, 7}, 3: {3}, 4: {4, 5}, 5: {4, 5}, 0: {6}}
    silly = sum(shape not in {*fits[each.shape], *each.also} for each, shape in quoting)
    red = [shapes for each, shapes in pairs if each.rating == "RED"]
    return {
        "narratives": len(labelled),
        "questions": sum(len(shapes) for _, shapes in pairs),
        "quoting": len(quoting),
        "silly": silly / max(len(quoting), 1),
        "red_unasked": sum(not shapes for shapes in red) / max(len(red), 1),
    }


def main() -> None:
    """Print the figures of both sets, development and held out apart."""
    for name, labelled, figures in (
        ("disclosure guard", sentences(), disclosure_figures),
        ("challenge prompts", narratives(), prompt_figures),
    ):
        for part in (False, True):
            chosen = [each for each in labelled if each.is_held_out is part]
            shown = {key: round(value, 3) for key, value in figures(chosen).items()}  # type: ignore[operator]
            print(f"{name:18} {'held out' if part else 'development':12} {shown}")
    for name in ("development", "held_out", "second"):
        shown = {key: round(value, 3) for key, value in alarm_figures(alarms(name)).items()}
        print(f"{'guard, people':18} {name:12} {shown}")
    if "--mistakes" in sys.argv:
        _mistakes()


def _mistakes() -> None:
    for each in sentences():
        hits = [(hit.kind, each.text[hit.start : hit.end]) for hit in find_identifying(each.text)]
        if not each.is_held_out and {t for _, t in hits} != {t for _, t in each.marks}:
            print("found", hits, "wanted", each.marks, "in:", each.text)
    for text, is_alarm in alarms("development"):
        if bool(find_identifying(text)) != is_alarm:
            print("missed:" if is_alarm else "tripped over:", text)
    development = [each for each in narratives() if not each.is_held_out]
    for each, shapes in zip(development, prompt_shapes(development), strict=True):
        if set(shapes) - {BANK, each.shape, *each.also}:
            print(f"wanted {each.shape} {each.also}, offered {shapes}: {each.rating} {each.subheading}")
            print(f"    {each.strengths!r}\n    {each.development!r}")


if __name__ == "__main__":
    main()
