"""Make a release: `make release VERSION=x.y.z`, or

    python -m scripts.release x.y.z

Writes the version where it is kept, dates the changelog, builds the wheel into dist/, commits and tags. All
of it is done in a work tree of its own first: where a step fails, the checkout is as it was. Nothing is
pushed.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
VERSION_FILES = {
    "pyproject.toml": re.compile(r'^version = "(?P<version>[^"]+)"$', re.MULTILINE),
    "peer_challenge/__init__.py": re.compile(r'^__version__ = "(?P<version>[^"]+)"$', re.MULTILINE),
}
"""By file, the line that holds the version."""
CHANGELOG = "CHANGELOG.md"
NOT_RELEASED = "## Not released yet"
_ASSETS = "dashboard/static/vendor"
"""What set-up brought and git does not keep; the wheel needs it."""


class ReleaseRefused(Exception):
    """Something has to be done before this can be released; the message says what."""


def run_git(root: Path, *words: str) -> str:
    """What a git command prints. Raises CalledProcessError."""
    command = ["git", "-C", str(root), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def read_version(root: Path) -> str:
    """The version that the code has. Raises ReleaseRefused where its places disagree."""
    versions = set()
    for name, line in VERSION_FILES.items():
        found = line.search((root / name).read_text(encoding="utf-8"))
        versions.add(found["version"] if found else f"none in {name}")
    if len(versions) != 1:
        raise ReleaseRefused(f"The version is not the same everywhere: {', '.join(sorted(versions))}.")
    return versions.pop()


def read_changes(changelog: str) -> str:
    """What the changelog has under "Not released yet"; nothing where there is no such heading."""
    return changelog.partition(f"{NOT_RELEASED}\n")[2].partition("\n## ")[0].strip()


def check_release(root: Path, version: str) -> None:
    """Raise ReleaseRefused where `version` can't be released from `root` as it is."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise ReleaseRefused(f"A version is three numbers, such as 1.2.0; {version!r} is none.")
    present = read_version(root)
    if Version(version) <= Version(present):
        raise ReleaseRefused(f"The version is {present} now; {version} is not higher.")
    if run_git(root, "status", "--porcelain"):
        raise ReleaseRefused("There are changes that are not committed. Commit them, or put them aside.")
    if run_git(root, "tag", "--list", f"v{version}"):
        raise ReleaseRefused(f"There is a tag v{version} already.")
    if not read_changes((root / CHANGELOG).read_text(encoding="utf-8")):
        raise ReleaseRefused(f'{CHANGELOG} says nothing under "Not released yet".')
    if not (root / _ASSETS).is_dir():
        raise ReleaseRefused(f"{_ASSETS} is missing. Run `make assets`.")


def write_version(root: Path, version: str) -> None:
    """Write `version` to each place that keeps it."""
    for name, line in VERSION_FILES.items():
        text = (root / name).read_text(encoding="utf-8")
        start, end = re.search(line, text).span("version")  # type: ignore[union-attr]
        (root / name).write_text(text[:start] + version + text[end:], encoding="utf-8")


def date_changes(root: Path, version: str, day: date) -> None:
    """Give what was not released yet the heading of this release, and begin an empty list above it."""
    path = root / CHANGELOG
    text = path.read_text(encoding="utf-8")
    heading = f"## {version}, {day.day} {day:%B %Y}"
    path.write_text(text.replace(NOT_RELEASED, f"{NOT_RELEASED}\n\n{heading}", 1), encoding="utf-8")


def build_wheel(root: Path, into: Path) -> Path:
    """Build the wheel of the code in `root`; returns its file."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--no-build-isolation", "--wheel-dir", str(into), str(root)]
    subprocess.run(command, check=True)
    return next(into.glob("*.whl"))


@contextmanager
def open_work_tree(root: Path) -> Iterator[Path]:
    """Another work tree of the same repository, at the same commit, for as long as the block runs."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        run_git(root, "worktree", "add", "--quiet", "--detach", str(tree), "HEAD")
        try:
            yield tree
        finally:
            run_git(root, "worktree", "remove", "--force", str(tree))


def make_release(root: Path, version: str, day: date) -> Path:
    """Release `version` from `root`; returns the wheel in dist/.

    Raises ReleaseRefused before anything is done, CalledProcessError where a step fails.
    """
    check_release(root, version)
    with open_work_tree(root) as tree, tempfile.TemporaryDirectory() as folder:
        write_version(tree, version)
        date_changes(tree, version, day)
        run_git(tree, "commit", "--all", "--quiet", "--message", f"Release {version}")
        commit = run_git(tree, "rev-parse", "HEAD")
        shutil.copytree(root / _ASSETS, tree / _ASSETS)
        wheel = build_wheel(tree, Path(folder))
        (root / "dist").mkdir(exist_ok=True)
        released = Path(shutil.copy(wheel, root / "dist"))
    run_git(root, "merge", "--ff-only", "--quiet", commit)
    run_git(root, "tag", "--annotate", f"v{version}", "--message", f"Release {version}")
    return released


def main(version: str) -> int:
    """Release `version` from this checkout and say what was done; returns the exit code."""
    try:
        wheel = make_release(ROOT, version, date.today())
    except ReleaseRefused as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Released {version}: {wheel.relative_to(ROOT)}, tag v{version}.")
    print(f"To publish it: git push origin HEAD v{version}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
