"""How often the disclosure guard and the challenge prompts are right, on the labelled sets.

`python -m bench.advice` prints both parts; `--mistakes` also the sentences got wrong in the part for
development (never of the held-out part, so that nobody tunes to it).
"""

import sys
from collections import Counter

import pandas as pd

from peer_challenge.advice.disclosure import find_identifying
from peer_challenge.advice.prompts import prompts_for
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from tests.labelled import Sentence, Told, narratives, sentences

FRAMEWORK = "working-together-2018"


def disclosure_figures(labelled: list[Sentence]) -> dict[str, float]:
    """precision and recall of marks, and how many traps trip, over `labelled`."""
    right = false = missed = tripped = 0
    for each in labelled:
        hits = {each.text[hit.start : hit.end] for hit in find_identifying(each.text)}
        wanted = {text for _, text in each.marks}
        found = {w for w in wanted if any(w in h or h in w for h in hits)}
        right += len(found)
        missed += len(wanted - found)
        false += sum(not any(w in h or h in w for w in wanted) for h in hits)
        tripped += bool(hits and not wanted)
    return {
        "sentences": len(labelled),
        "precision": right / max(right + false, 1),
        "recall": right / max(right + missed, 1),
        "traps_tripped": tripped,
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
    """right: the first shape offered (or silence) is the labelled one. silly: prompts that fit in no way."""
    offered = prompt_shapes(labelled)
    pairs = list(zip(labelled, offered, strict=True))
    right = sum((shapes[0] if shapes else 0) == each.shape for each, shapes in pairs)
    prompts = sum(map(len, offered))
    silly = sum(shape not in {each.shape, *each.also} for each, shapes in pairs for shape in shapes)
    silent = sum(not shapes and each.shape != 0 for each, shapes in pairs)
    return {
        "narratives": len(labelled),
        "right": right / len(labelled),
        "prompts": prompts,
        "silly": silly / max(prompts, 1),
        "left_unasked": silent / len(labelled),
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
    if "--mistakes" in sys.argv:
        _mistakes()


def _mistakes() -> None:
    for each in sentences():
        hits = [(hit.kind, each.text[hit.start : hit.end]) for hit in find_identifying(each.text)]
        if not each.is_held_out and {t for _, t in hits} != {t for _, t in each.marks}:
            print("found", hits, "wanted", each.marks, "in:", each.text)
    development = [each for each in narratives() if not each.is_held_out]
    tally: Counter[tuple[int, int]] = Counter()
    for each, shapes in zip(development, prompt_shapes(development), strict=True):
        first = shapes[0] if shapes else 0
        if first != each.shape or set(shapes) - {each.shape, *each.also}:
            tally[each.shape, first] += 1
            print(f"wanted {each.shape} {each.also}, offered {shapes}: {each.rating} {each.subheading}")
            print(f"    {each.strengths!r}\n    {each.development!r}")
    print("(wanted, offered first): times", dict(tally))


if __name__ == "__main__":
    main()
