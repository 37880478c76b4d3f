"""Framework files: from YAML to a Framework, with all mistakes at once, each with its line."""

from functools import lru_cache
from pathlib import Path

from peer_challenge.cycle_file.check_framework import check_framework_entries
from peer_challenge.cycle_file.yaml_with_lines import read_tree
from peer_challenge.errors import FrameworkFileError
from peer_challenge.model.framework import Framework
from peer_challenge.model.sentences import say_how_many
from peer_challenge.paths import TEMPLATES
from peer_challenge.system.control_characters import remove_controls


def load_framework(path: Path) -> Framework:
    """The framework in `path`. Raises FrameworkFileError with every mistake, each with its line."""
    tree = read_tree(path)
    problems = list(tree.problems)
    framework = None
    if isinstance(tree.data, dict):
        framework, found = check_framework_entries(tree.data)
        problems += found
    elif not problems:
        problems.append(((), "This isn't a framework file. Begin with `id:`, `title:` and `focus_areas:`."))
    if problems or framework is None:
        said = dict.fromkeys(remove_controls(f"{tree.place(at)}: {words}") for at, words in problems)
        raise FrameworkFileError(path.name, sorted(said, key=_read_line_number))
    return framework


def _read_line_number(said: str) -> int:
    return int("".join(c for c in said.partition(":")[0] if c.isdigit()) or 0)


SHIPPED = TEMPLATES / "frameworks"
CURRENT = "working-together-2026"
"""The framework that new cycles begin with."""


def tell_what_to_compare(framework: Framework) -> str:
    """What the office is told when it chooses a framework that rests on summaries; "" for any other."""
    titles = [row.title for row in framework.subheadings.values() if row.rests_on == "summary"]
    if not titles:
        return ""
    return (
        f"We have not seen the guidance “{framework.title}” itself. In this framework, "
        f"{say_how_many(len(titles), 'sub-heading')} rest on public summaries alone. Please compare them "
        f"with the guidance before you open the cycle: {'; '.join(titles)}."
    )


def read_framework(path: Path) -> Framework:
    """The framework in the YAML file `path`. Raises FrameworkFileError with every mistake in it."""
    seen = path.stat() if path.is_file() else None
    return _load_if_changed(path, (seen.st_mtime_ns, seen.st_size) if seen else None)


@lru_cache(maxsize=32)
def _load_if_changed(path: Path, _seen: tuple[int, int] | None) -> "Framework":
    """A framework is read again only when its file has changed: reading one takes a tenth of a second."""
    return load_framework(path)


def shipped_frameworks(*folders: Path) -> dict[str, Framework]:
    """Every framework by its id: the shipped ones, and those in `folders`.

    Where two have one id, the framework of the later folder is used.
    """
    files = [file for folder in (SHIPPED, *folders) for file in sorted(folder.glob("*.yaml"))]
    return {framework.id: framework for framework in map(read_framework, files)}
