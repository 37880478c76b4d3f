"""Reading a filled-in schedule, complete rows out, beside other readers: `python -m bench.reading`.

The floor is unzipping and parsing document.xml and nothing else. Each reader gets the same bytes, and
reads them on end for a fifth of a second or longer, as in a batch; of its turns the best counts, in time
for each document and in ratio to the floor. Turns are as long for all: in a short one luck counts for more.
Our child processes are given batches, as intake gives them.
"""

import contextlib
import io
import os
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from lxml import etree

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.form.known_before_reading import Known
from peer_challenge.word.process.reader_pool import Readers
from tests.fill_form import fill_form
from tests.unit.word_reading.forms_to_read import SENTENCE, blank

_ROUNDS = 15
_BATCH = 50
_TURN_SECONDS = 0.2


def schedule() -> bytes:
    """A schedule with every row filled in, as long as people write."""
    return _filled(blank())


def _filled(form: bytes) -> bytes:
    from peer_challenge.dispatches.samples.sample_facts import sample_framework

    values: dict[Any, str] = {}
    for number, address in enumerate(sample_framework()):
        values[address, "strengths"] = f"{SENTENCE} {SENTENCE}\n{SENTENCE} ({number})"
        values[address, "development"] = f"{SENTENCE}\nWe still need to agree how it is measured ({number})."
        values[address, "rating"] = ("RED", "AMBER", "GREEN")[number % 3]
    return fill_form(form, values)


def floor(data: bytes) -> int:
    """Unzip and parse document.xml only."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return len(etree.fromstring(package.read("word/document.xml")))


def _python_docx(data: bytes) -> int:
    import docx

    tables = docx.Document(io.BytesIO(data)).tables
    return sum(len([cell.text for cell in row.cells]) for table in tables for row in table.rows)


def _docx2python(data: bytes) -> int:
    from docx2python import docx2python

    with docx2python(io.BytesIO(data)) as document:
        return len(document.text)


def _mammoth(data: bytes) -> int:
    import mammoth

    return len(mammoth.convert_to_html(io.BytesIO(data)).value)


def _markitdown(data: bytes) -> int:
    from markitdown import MarkItDown

    return len(MarkItDown().convert_stream(io.BytesIO(data), file_extension=".docx").text_content)


def _docspine(data: bytes) -> int:
    import docspine

    with tempfile.NamedTemporaryFile(suffix=".docx") as file:
        file.write(data)
        file.flush()
        tables = docspine.open(file.name).tables()
    return sum(
        len("".join(run["text"] for run in block.get("runs", ())))
        for table in tables
        for row in table["rows"]
        for cell in row["cells"]
        for block in cell["blocks"]
    )


def readers(known: Known) -> dict[str, Callable[[bytes], object]]:
    """Every reader by the name it is shown under."""
    return {
        "floor: unzip, parse document.xml": floor,
        "peer challenge, in this process": lambda data: read_document(data, known).rows,
        "docspine": _docspine,
        "docx2python": _docx2python,
        "python-docx, cell by cell": _python_docx,
        "mammoth": _mammoth,
        "markitdown": _markitdown,
    }


def measure(data: bytes, rounds: int = _ROUNDS) -> dict[str, float]:
    """The best time of each reader in seconds; one that fails is left out and named.

    They take turns, so that a machine that is slow for a while is so for all.
    """
    known = Known(shipped_frameworks())
    best: dict[str, float] = {}
    processors = min(os.cpu_count() or 1, 4)
    with Readers(known, children=1) as one, Readers(known) as several:
        several.begin(processors)
        turns: dict[str, Callable[[], float]] = {
            name: partial(_turn, read, data) for name, read in readers(known).items()
        }
        turns["peer challenge, a child process"] = partial(_turn, partial(_batch, one), data, _BATCH)
        turns[f"peer challenge, {processors} child processes"] = partial(
            _turn, partial(_batch, several), data, _BATCH
        )
        for _ in range(rounds):
            for name, turn in list(turns.items()):
                try:
                    with contextlib.redirect_stderr(io.StringIO()):
                        taken = turn()
                except Exception as fault:
                    print(f"{name}: failed ({type(fault).__name__}: {fault})", file=sys.stderr)
                    del turns[name]
                    continue
                best[name] = min(taken, best.get(name, taken))
    return best


def _batch(child: Readers, data: bytes) -> object:
    return list(child.read_each([("", data)] * _BATCH))


def _turn(read: Callable[[bytes], object], data: bytes, documents: int = 1) -> float:
    """The seconds for each document of a turn; `documents` is how many `read` reads at once."""
    began, count = time.perf_counter(), 0
    while count == 0 or time.perf_counter() - began < _TURN_SECONDS:
        read(data)
        count += documents
    return (time.perf_counter() - began) / count


def main() -> None:
    """Print the table."""
    data = Path(sys.argv[1]).read_bytes() if len(sys.argv) > 1 else schedule()
    known = Known(shipped_frameworks())
    print(f"{len(read_document(data, known).rows)} rows, {len(data) / 1000:.0f} kB")
    best = measure(data)
    base = best["floor: unzip, parse document.xml"]
    for name, seconds in sorted(best.items(), key=lambda entry: entry[1]):
        print(f"{name:36} {seconds * 1000:9.2f} ms {seconds / base:9.1f} x")


if __name__ == "__main__":
    main()
