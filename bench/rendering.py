"""Rendering a 48-row analysis pack: against docxtpl as it comes, and a floor of compiled Jinja plus zip."""

import io
import statistics
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import Environment

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.dispatches import forms
from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.render_dispatch import fill_template, render_dispatch_file
from peer_challenge.dispatches.samples import sample_facts
from peer_challenge.model.vocabulary import DispatchKind
from peer_challenge.word.form.printed_text import DYNAMIC, SHIPPED
from peer_challenge.word.write.render_template import FILTERS, WordTemplates
from peer_challenge.word.write.template_dialect import jinja_source

TEMPLATE = SHIPPED / "analysis_pack.docx"
PACKS, WORKERS, TIMES = 150, 2, 15


def facts_of_48_rows() -> Facts:
    """Sample facts of an analysis pack with 48 sub-headings."""
    facts = sample_facts.sample_facts(DispatchKind.ANALYSIS_PACK)
    framework = shipped_frameworks()["working-together-2018"]
    rows = facts.rows.to_dict("records")
    missing = [address for address in framework.subheadings if address not in set(facts.rows["subheading"])]
    for address in missing[: 48 - len(rows)]:
        rows.append({**rows[len(rows) % 7], "subheading": address})
    return replace(facts, framework=framework, rows=type(facts.rows)(rows))


def ours(facts: Facts) -> Callable[[], Any]:
    """What the product does, from facts to bytes, identity and own-text marks included."""
    templates = WordTemplates()
    return lambda: render_dispatch_file(facts, templates)


def docxtpl_as_it_comes(context: dict[str, Any]) -> Callable[[], Any]:
    """What docxtpl's documentation says to do, on the same template and context."""
    environment = Environment(autoescape=True)
    environment.filters |= FILTERS

    def render() -> bytes:
        document = DocxTemplate(TEMPLATE)
        document.render(context, jinja_env=environment, autoescape=True)
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()

    return render


def floor(context: dict[str, Any]) -> Callable[[], Any]:
    """A template compiled once, rendered with plain Jinja, and every part put into a ZIP."""
    with zipfile.ZipFile(TEMPLATE) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    environment = Environment(autoescape=True)
    environment.filters |= FILTERS
    compiled = {
        name: environment.from_string(jinja_source(content.decode()))
        for name, content in parts.items()
        if DYNAMIC.fullmatch(name)
    }

    def render() -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in parts.items():
                package.writestr(name, compiled[name].render(context) if name in compiled else content)
        return out.getvalue()

    return render


def many(_: int) -> int:
    """The size of one worker's share of packs."""
    return sum(len(render()) for render in [ours(facts_of_48_rows())] for _ in range(PACKS // WORKERS))


def milliseconds(render: Callable[[], Any]) -> float:
    """The median time of a rendering."""
    render()
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        render()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000


def main() -> None:
    """Print the table of times and ratios."""
    facts = facts_of_48_rows()
    context = forms.build_analysis_pack_words(facts)
    product, peer, least = ours(facts), docxtpl_as_it_comes(context), floor(context)
    templates = WordTemplates()
    engine = milliseconds(lambda: fill_template(facts, templates, context))
    rows = {
        "ours: engine, from the same context": engine,
        "ours: from facts to file": milliseconds(product),
        "docxtpl as it comes": milliseconds(peer),
        "floor: compiled Jinja + zip": milliseconds(least),
    }
    base = rows["floor: compiled Jinja + zip"]
    print(f"Rendering an analysis pack of {len(facts.rows)} rows")
    for name, taken in rows.items():
        print(f"  {name:38} {taken:8.1f} ms {taken / base:6.2f} x floor")
    began = time.perf_counter()
    with ProcessPoolExecutor(WORKERS) as pool:
        list(pool.map(many, range(WORKERS)))
    taken = time.perf_counter() - began
    print(f"  {PACKS} packs on {WORKERS} cores, processes and imports included: {taken:.2f} s")


if __name__ == "__main__":
    main()
