"""The office's own Word templates: checked and previewed on sample data before they are used."""

from dataclasses import dataclass
from pathlib import Path

from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.registry import RENDERERS, SUFFIXES
from peer_challenge.dispatches.samples import sample_facts
from peer_challenge.errors import WrongUse
from peer_challenge.vocabulary import DispatchKind as D
from peer_challenge.vocabulary import Role
from peer_challenge.word.printed_text import SHIPPED
from peer_challenge.word.rendering import TemplateRefused, WordTemplates

_SHARED = {D.REGIONAL_OVERVIEW_ANONYMISED: "regional_overview"}
_READERS = {
    D.PARTNER_NOTICE: (Role.AUTHOR, Role.CHALLENGER),
    D.EVENT_INVITATION: (Role.AUTHOR, Role.CHALLENGER, Role.CHAIR),
}
"""Dispatches whose template has other words for other readers."""


@dataclass(frozen=True, slots=True)
class TemplateProblem:
    """What is wrong with a template: file, what, the words nearest to it ("" if none), what to do."""

    file: str
    what: str
    where: str
    remedy: str


def names() -> list[str]:
    """The names that a template of the office can have: those of the shipped ones."""
    return WordTemplates().names()


def _samples(name: str) -> list[tuple[str, Facts]]:
    """Sample facts of every dispatch that template `name` is for, each with a name for its file."""
    kinds = [kind for kind in RENDERERS if kind not in SUFFIXES and _SHARED.get(kind, kind.value) == name]
    return [
        (f"{kind.value}_{role.value}" if role else kind.value, sample_facts(kind, role))
        for kind in kinds
        for role in _READERS.get(kind, (None,))
    ]


def check_templates(folder: Path) -> list[TemplateProblem]:
    """Everything wrong with the templates in `folder`, each tried on sample data; empty when all is well."""
    known, found = names(), []
    for file in sorted(folder.glob("*.docx")) if folder.is_dir() else []:
        if file.name.startswith(("~", ".")):
            continue
        if file.stem not in known:
            remedy = f"Rename it to the dispatch it is for: {', '.join(known)}."
            found.append(TemplateProblem(file.name, "No dispatch has this name.", "", remedy))
            continue
        found += [_problem(file, refused) for refused in _refusals(file)]
    return found


def _problem(file: Path, refused: TemplateRefused) -> TemplateProblem:
    return TemplateProblem(file.name, refused.what, refused.place, refused.remedy)


def _refusals(file: Path) -> list[TemplateRefused]:
    """Why a template is refused on the first sample that it can't be used for; the shipped one then is."""
    templates = WordTemplates([SHIPPED, file.parent])
    for _, facts in _samples(file.stem):
        RENDERERS[facts.kind](facts, templates)
        if refused := [one for one in templates.problems if one.template == file.stem]:
            return refused
    return []


def preview(template_name: str, into: Path, own: Path | None = None) -> list[Path]:
    """What a template gives on sample data, written into a folder: one .docx a reader. Returns the files.

    The template in the office's folder `own` is used where there is one, else the shipped one. Raises
    WrongUse for a name that no template has, TemplateRefused when the office's can't be used.
    """
    if template_name not in names():
        raise WrongUse(
            f"There is no template {template_name}.", remedy=f"Choose one of: {', '.join(names())}."
        )
    if own is not None and (own / f"{template_name}.docx").is_file():
        for refused in _refusals(own / f"{template_name}.docx"):
            raise refused
    templates = WordTemplates.of_installation(own)
    into.mkdir(parents=True, exist_ok=True)
    written = []
    for name, facts in _samples(template_name):
        written.append(into / f"preview_{name}.docx")
        written[-1].write_bytes(RENDERERS[facts.kind](facts, templates))
    return written
