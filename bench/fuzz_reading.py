"""A fuzzing campaign on the reader: `python -m bench.fuzz_reading [COUNT] [SEED]`.

Every mutant must be read without an exception, within the time allowed, every outcome typed, and
nothing lost against an independent walk of its XML.
"""

import os
import sys
import time
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.form.forms import KIND_ON
from peer_challenge.word.form.known_before_reading import Known
from peer_challenge.word.package.reading_limits import Limits
from peer_challenge.word.reader_findings import CODES
from tests.mutants import mutants
from tests.unit.word_reading.forms_to_read import blank, filled_forms
from tests.unit.word_reading.oracle import texts_of, typed_pieces

_SECONDS = Limits().seconds


def seeds() -> list[bytes]:
    """The documents to begin with: those of the folder PEER_CHALLENGE_CORPUS, and filled-in forms."""
    folder = os.environ.get("PEER_CHALLENGE_CORPUS")
    found = sorted(Path(folder).rglob("*.do[ct]x")) if folder else []
    return [*filled_forms(), *(file.read_bytes() for file in found if file.stat().st_size < 100_000)]


def main() -> None:
    """Run the campaign and print what came of it."""
    count, seed = (int(value) for value in (*sys.argv[1:], *("20000", "1")[len(sys.argv) - 1 :]))
    known = Known(shipped_frameworks())
    documents = seeds()
    printed = {
        piece
        for form in map(blank, KIND_ON)
        for is_fine in (True, False)  # also as whole paragraphs: a mutation may take the seams out
        for piece in typed_pieces(form, is_fine=is_fine)
    }
    outcomes: Counter[str] = Counter()
    slowest, faults = 0.0, 0
    for number, data in enumerate(mutants(documents, seed, count)):
        began = time.process_time()
        try:
            reading = read_document(data, known)
        except BaseException as fault:
            faults += 1
            print(f"mutant {number} of seed {seed}: raised {type(fault).__name__}: {fault}")
            Path(f"/tmp/fuzz-{seed}-{number}.docx").write_bytes(data)
            continue
        took = time.process_time() - began
        slowest = max(slowest, took)
        wrong = [finding.code for finding in reading.findings if finding.code not in CODES]
        stopped = next((f.code for f in reading.findings if f.code.startswith("open.")), None)
        outcomes[stopped or "read"] += 1
        lost = [] if stopped else [p for p in _lost(data, texts_of(reading)) if p not in printed]
        if wrong or took > _SECONDS or lost:
            faults += 1
            print(f"mutant {number} of seed {seed}: {wrong} {took:.2f} s, lost {len(lost)} {lost[:2]}")
            Path(f"/tmp/fuzz-{seed}-{number}.docx").write_bytes(data)
    for outcome, times in outcomes.most_common():
        print(f"{times:7d}  {outcome}")
    print(f"{count} mutants, {faults} faults, slowest {slowest:.2f} s")


def _lost(data: bytes, held: str) -> list[str]:
    try:
        return [piece for piece in typed_pieces(data, is_fine=True) if piece not in held]
    except (ElementTree.ParseError, RecursionError, LookupError, ValueError):
        return []
    except Exception:
        return []


if __name__ == "__main__":
    main()
