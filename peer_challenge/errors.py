"""Errors for programmers and broken infrastructure, each with its exit code and a remedy.

What a person did in a Word file is never an error: it is a finding.
"""


class PeerChallengeError(Exception):
    """Base of every error of ours. `str()` says what is wrong, `remedy` what to do about it.

    The page shows the remedy. `command` does the same there where people type commands; "" where none does.
    `about` names what of that which was given it is about, such as "day" or "reason"; "" for none of it.
    """

    exit_code = 1
    remedy = "Run `peer-challenge doctor` and send the office's support contact what it prints."

    def __init__(
        self, message: str, *, remedy: str | None = None, command: str = "", about: str = ""
    ) -> None:
        super().__init__(message)
        self.command = command
        self.about = about
        if remedy is not None:
            self.remedy = remedy

    @property
    def in_full(self) -> str:
        """What is wrong and what to do about it, in one text."""
        return f"{self} {self.remedy}"

    @property
    def remedy_with_command(self) -> str:
        """What to do about it, with the command that does it."""
        return f"{self.remedy} Or run `{self.command}`." if self.command else self.remedy


class WrongUse(PeerChallengeError):
    """The command was given something that it can't work with."""

    exit_code = 64
    remedy = "See `peer-challenge --help`."


class FileWithMistakes(WrongUse):
    """A file that the office wrote, with mistakes; `problems` lists them all, each with its place.

    `paths` are where each is in the data, in the same order; () where that is not known.
    """

    def __init__(
        self, source: str, problems: list[str], paths: tuple[tuple[str | int, ...], ...] = ()
    ) -> None:
        self.problems = problems
        self.paths = paths or ((),) * len(problems)
        count = f"{len(problems)} mistake{'s' * (len(problems) != 1)}"
        super().__init__(f"{source} has {count}:\n" + "\n".join(f"  {problem}" for problem in problems))


class CycleFileError(FileWithMistakes):
    """A cycle file with mistakes."""

    remedy = "Correct every line named above, then run the command again. Nothing was opened."


class FrameworkFileError(FileWithMistakes):
    """A framework file with mistakes."""

    remedy = "Correct every line named above, then run the command again. See docs/frameworks.md."


class NotMigrated(PeerChallengeError):
    """The register's tables are not those of this version."""

    exit_code = 3
    remedy = "Run `peer-challenge migrate`, which brings the register to this version."
