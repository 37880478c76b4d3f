"""Validation: 15 submissions as one table, planted faults found, nothing found in clean ones.

Run as `python -m bench.validation`. Great Expectations is imported before anything is timed. The
tables are the fictional region's, others in each round, so that nothing is timed that was looked at
before; of the real documents each is read, then examined as intake does.
"""

import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterable

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Kind, Severity
from peer_challenge.submissions.checked_against import SubmissionContext
from peer_challenge.submissions.run_checks import check_submission_rows
from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.form.known_before_reading import Known
from tests.factories import a_challenger, a_cycle, a_filled, a_region, its_framework, some_rows
from tests.judged import judge_readings
from tests.unit.submissions.faults import Made, clean, faulty
from tests.unit.submissions.submissions_made import AREAS, as_tables, made

_ROUNDS = 9


def main() -> None:
    """Print the table."""
    for kind in Kind:
        best, middle = _timed(kind, AREAS)
        alone, usual = _timed(kind, 1)
        print(
            f"15 {kind.value:16} best {best:4.0f} ms   median {middle:4.0f} ms   (bar: under 1000)"
            f"   one alone: best {alone:3.0f} ms   median {usual:3.0f} ms"
        )
    _tables()
    _documents()


def _timed(kind: Kind, areas: int) -> tuple[float, float]:
    spent = []
    for seed in range(_ROUNDS):
        tables = as_tables({str(area): made(kind, seed, area) for area in range(areas)})
        start = time.perf_counter()
        check_submission_rows(kind, *tables)
        spent.append(1000 * (time.perf_counter() - start))
    return min(spent[1:]), statistics.median(spent[1:])


def _found(cases: Iterable[Made]) -> list[tuple[Made, list[Finding]]]:
    batches: dict[Kind, dict[str, Made]] = defaultdict(dict)
    for number, one in enumerate(cases):
        batches[one.kind][str(number)] = one
    found = {kind: check_submission_rows(kind, *as_tables(batch)) for kind, batch in batches.items()}
    return [(one, found[kind][key]) for kind, batch in batches.items() for key, one in batch.items()]


def _tables() -> None:
    false = [f.code for _, findings in _found(clean(500)) for f in findings]
    print(f"500 clean tables: {len(false)} false findings {dict(Counter(false))}")
    missed = [
        one.fault
        for one, findings in _found(faulty(500))
        if not one.expected <= {(f.code, f.subheading, f.column) for f in findings}
    ]
    print(f"500 faulty tables: {500 - len(missed)} found with code, row and column {dict(Counter(missed))}")


def _documents() -> None:
    """Word documents filled in by the region's people: without mistakes, and with one each of theirs."""
    cycle = a_cycle(AREAS)
    known = Known(shipped_frameworks(), {cycle.id: cycle})
    asked: Counter[str] = Counter()
    missed: list[str] = []
    total = slips = 0
    for kind in Kind:
        for turn in (1, 0):
            readings = {
                p.id: read_document(a_filled(kind, p.id, areas=AREAS, turn=turn), known)
                for p in cycle.authors
            }
            found = judge_readings(readings, {key: _context(key) for key in readings})
            for author, findings in found.items():
                queries = [f.code for f in findings if f.severity in (Severity.QUERY, Severity.REJECT)]
                slip = a_region(1, AREAS).slip(kind, author) if turn == 0 else None
                total += slip is None
                slips += slip is not None
                asked.update(queries if slip is None else [])
                if slip is not None and not findings:
                    missed.append(slip.name)
    print(f"{total} clean documents: {asked.total()} false questions {dict(asked)}")
    print(f"{slips} documents with a person's mistake: {slips - len(missed)} told {missed}")


def _context(author: str) -> SubmissionContext:
    cycle, region = a_cycle(AREAS), a_region(1, AREAS)
    challenger = a_challenger(cycle, author)
    return SubmissionContext(
        cycle=cycle,
        framework=its_framework(cycle),
        participant=cycle.participant[author],
        challenger=cycle.participant[challenger],
        authors_rows=some_rows(region, author),
        analysis_rows=some_rows(region, author, challenger),
        event_on=made(Kind.ACTION_PLAN, 1, 0).context.event_on,
    )


if __name__ == "__main__":
    main()
