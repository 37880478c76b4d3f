"""A release is one command: version, changelog, wheel and tag, or nothing at all."""

import shutil
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import pytest

from scripts import release
from scripts.release import ReleaseRefused, check_release, make_release, read_version, run_git

DAY = date(2027, 3, 1)
ASSETS = "dashboard/static/vendor"
NOT_COPIED = (".git", ".venv", "node_modules", "build", "dist", "docs", "tests")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with the code as it is here, the version 0.1.0 and one change in its changelog."""
    root = tmp_path / "checkout"
    shutil.copytree(release.ROOT, root, ignore=shutil.ignore_patterns(*NOT_COPIED), symlinks=True)
    run_git(root, "init", "--quiet")
    run_git(root, "config", "user.name", "Release")
    run_git(root, "config", "user.email", "release@example.org")
    release.write_version(root, "0.1.0")
    (root / release.CHANGELOG).write_text("# Changelog\n\n## Not released yet\n\n- A change.\n\n## 0.1.0\n")
    (root / ASSETS).mkdir(parents=True, exist_ok=True)
    (root / ASSETS / "govuk-frontend.min.css").write_text("p{}")
    run_git(root, "add", "--all")
    run_git(root, "commit", "--quiet", "--message", "Begin")
    return root


@pytest.mark.slow
def test_a_release_has_version_changelog_tag_and_a_wheel(checkout: Path) -> None:
    wheel = make_release(checkout, "0.2.0", DAY)
    assert read_version(checkout) == "0.2.0"
    assert run_git(checkout, "rev-parse", "v0.2.0^{commit}") == run_git(checkout, "rev-parse", "HEAD")
    assert run_git(checkout, "status", "--porcelain") == ""
    changelog = (checkout / release.CHANGELOG).read_text()
    assert "## Not released yet\n\n## 0.2.0, 1 March 2027\n\n- A change.\n" in changelog
    assert wheel.name == "peer_challenge-0.2.0-py3-none-any.whl"

    with zipfile.ZipFile(wheel) as files:
        assert files.read(f"{ASSETS}/govuk-frontend.min.css") == b"p{}"


def test_a_version_that_is_none_or_not_higher_is_refused(checkout: Path) -> None:
    for version in ("0.1.0", "0.0.9", "1.2", "v1.2.0", ""):
        with pytest.raises(ReleaseRefused, match="version"):
            check_release(checkout, version)
    check_release(checkout, "0.1.1")


def test_nothing_is_released_from_changes_that_are_not_committed(checkout: Path) -> None:
    (checkout / "README.md").write_text("changed")
    with pytest.raises(ReleaseRefused, match="not committed"):
        make_release(checkout, "0.2.0", DAY)


def test_nothing_is_released_without_a_change_to_tell(checkout: Path) -> None:
    (checkout / release.CHANGELOG).write_text("# Changelog\n\n## Not released yet\n\n## 0.1.0\n\n- Old.\n")
    run_git(checkout, "commit", "--all", "--quiet", "--message", "Tell nothing")
    with pytest.raises(ReleaseRefused, match="Not released yet"):
        check_release(checkout, "0.2.0")


def test_where_the_wheel_fails_the_checkout_is_as_it_was(checkout: Path) -> None:
    (checkout / "pyproject.toml").write_text('version = "0.1.0"\n[broken\n')
    run_git(checkout, "commit", "--all", "--quiet", "--message", "Break it")
    before = run_git(checkout, "rev-parse", "HEAD")
    with pytest.raises(subprocess.CalledProcessError):
        make_release(checkout, "0.2.0", DAY)
    assert run_git(checkout, "rev-parse", "HEAD") == before
    assert run_git(checkout, "tag", "--list", "v0.2.0") == ""
    assert run_git(checkout, "worktree", "list").count("\n") == 0


def test_the_version_is_the_same_everywhere() -> None:
    assert read_version(release.ROOT).count(".") == 2
