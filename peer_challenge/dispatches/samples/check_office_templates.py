"""Checks and previews the office's own Word templates on sample data before they are used."""

import base64
import logging
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from pathlib import Path

from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.kinds import KINDS, template_of
from peer_challenge.dispatches.render_dispatch import ActiveDispatch, render_dispatch_file
from peer_challenge.dispatches.samples.sample_facts import sample_facts
from peer_challenge.errors import WrongUse
from peer_challenge.model.house_style import SHIPPED_STYLE, HouseStyle
from peer_challenge.system.bounded_work import Bounds, ChildLost, TooMuchWork, WorkFailed, call_once
from peer_challenge.system.logging_without_content import describe_error
from peer_challenge.word.form.printed_text import SHIPPED
from peer_challenge.word.write.render_template import UNUSABLE, TemplateRefused, WordTemplates
from peer_challenge.word.write.template_places import describe_place

log = logging.getLogger(__name__)
BOUNDS = Bounds(seconds=20, memory_mb=600)
"""For all samples of one template."""
_FULL_STYLE = HouseStyle(
    programme="Peer Challenge",
    footer="Programme office",
    logo=base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    ),
)
"""With a logo (one dot) and a line, so that what a template shows only with them is tried too."""
_TOO_MUCH = (
    "Writing a document from it takes far more work or memory than it should. Look for a loop in a loop, a "
    "text that is repeated many times, or a huge picture."
)


@dataclass(frozen=True, slots=True)
class TemplateProblem:
    """What is wrong with a template: file, what, where ("" if that is not known), what to do."""

    file: str
    what: str
    where: str
    remedy: str


def list_template_names() -> list[str]:
    """The names that a template of the office can have: those of the shipped templates."""
    return WordTemplates().names()


def list_sample_facts(name: str) -> list[tuple[str, Facts]]:
    """Sample facts of every document that template `name` is for, each with a name for its file."""
    return [
        (f"{kind.value}_{role.value}" if len(row.readers) > 1 else kind.value, sample_facts(kind, role))
        for kind, row in KINDS.items()
        if row.ending == "docx" and template_of(kind) == name
        for role in row.readers
    ]


def check_templates(folder: Path) -> list[TemplateProblem]:
    """Everything wrong with the templates in `folder`, each tried on sample data; empty when all is well."""
    files = sorted(folder.glob("*.docx")) if folder.is_dir() else []
    return [
        problem
        for file in files
        if not file.name.startswith(("~", ".")) and file.is_file()
        for problem in check_template(file)
    ]


def check_template(file: Path) -> list[TemplateProblem]:
    """What is wrong with one template, tried on sample data. A file that has not changed is tried once."""
    state = file.stat()
    return list(_check_template_once(file, state.st_mtime_ns, state.st_size))


@lru_cache(maxsize=128)
def _check_template_once(file: Path, _changed_at: int, _size: int) -> tuple[TemplateProblem, ...]:
    known = list_template_names()
    if file.stem not in known:
        remedy = f"Rename it to the dispatch it is for: {', '.join(known)}."
        return (TemplateProblem(file.name, "No dispatch has this name.", "", remedy),)
    return tuple(_describe_refusal(file, refused) for refused in _find_refusals_in_child(file))


def _find_refusals_in_child(file: Path) -> list[TemplateRefused]:
    """Why a template is refused, tried in a process that ends when it takes too much work or memory."""
    try:
        told = call_once(__name__, "refusals_of", BOUNDS, file)
    except (TooMuchWork, ChildLost):
        return [TemplateRefused(file.stem, _TOO_MUCH)]
    except WorkFailed as failed:  # one file must not close the pages and checks that list all of them
        log.warning("The template %s could not be tried: %s", file.name, describe_error(failed))
        return [TemplateRefused(file.stem, UNUSABLE)]
    return [TemplateRefused(*one) for one in told]


def _describe_refusal(file: Path, refused: TemplateRefused) -> TemplateProblem:
    near = f"near “{refused.place}”" if refused.place else ""
    place = describe_place(file.read_bytes(), refused.place) if refused.place else ""
    return TemplateProblem(file.name, refused.what, ", ".join(filter(None, (place, near))), refused.remedy)


def refusals_of(file: Path) -> list[tuple[str, str, str]]:
    """What TemplateRefused is made of, for the first sample that a template fails on; empty when none.

    Runs in a child process.
    """
    templates = WordTemplates([SHIPPED, file.parent])
    samples = list_sample_facts(file.stem)
    for style, (_, facts) in product((SHIPPED_STYLE, _FULL_STYLE), samples):
        try:
            render_dispatch_file(replace(facts, style=style), templates)
        except ActiveDispatch as why:
            return [(file.stem, str(why), "")]
        if refused := [one for one in templates.problems if one.template == file.stem]:
            return [(one.template, one.what, one.place) for one in refused]
    return []


def previews_of(template_name: str, own: Path | None, style: HouseStyle) -> list[tuple[str, bytes]]:
    """The documents that a template gives on sample data, each with its name.

    Runs in a child process.
    """
    templates = WordTemplates.of_installation(own)
    return [
        (name, render_dispatch_file(replace(facts, style=style), templates))
        for name, facts in list_sample_facts(template_name)
    ]


def list_preview_names(template_name: str) -> list[str]:
    """What the documents are called that `make_previews` gives: one for each kind and reader."""
    return [name for name, _ in list_sample_facts(template_name)]


def make_previews(
    template_name: str, own: Path | None, style: HouseStyle = SHIPPED_STYLE
) -> list[tuple[str, bytes]]:
    """The documents that a template gives on sample data in a style, each with its name.

    The template in the folder `own` is used where there is one. Raises TooMuchWork and WorkFailed.
    """
    return list(call_once(__name__, "previews_of", BOUNDS, template_name, own, style))


def write_previews(template_name: str, into: Path, own: Path | None = None) -> list[Path]:
    """Write what a template gives on sample data into a folder: one .docx for each reader. Returns the files.

    The template in the office's folder `own` is used where there is one, else the shipped one. Raises
    WrongUse for a name that no template has, TemplateRefused when the office's cannot be used.
    """
    if template_name not in list_template_names():
        raise WrongUse(
            f"There is no template {template_name}.",
            remedy=f"Choose one of: {', '.join(list_template_names())}.",
        )
    if own is not None and (own / f"{template_name}.docx").is_file():
        for refused in _find_refusals_in_child(own / f"{template_name}.docx"):
            raise refused
    previews = make_previews(template_name, own)
    into.mkdir(parents=True, exist_ok=True)
    written = []
    for name, document in previews:
        written.append(into / f"preview_{name}.docx")
        written[-1].write_bytes(document)
    return written
