"""Fields within the instruction of another field: Word works with what they give and never shows it.

In { IF { MERGEFIELD Area } = "Ashcombe" "yes" "no" } only the last result is on the page. The inner one's is
text like any other in the file, so it has to be known by its place.
"""

from dataclasses import dataclass, field


@dataclass(slots=True)
class NestedFields:
    """The fields that are open in one line of text; for each, where its result begins, if that has begun.

    Fields are counted within a paragraph only. One that a damaged file leaves open hides nothing of the next.
    """

    _line: list[str] | None = None
    _open: list[int | None] = field(default_factory=list)

    def meet(self, kind: str | None, line: list[str]) -> str:
        """Take note of a mark ("begin", "separate" or "end"); returns what was taken out of the line.

        `line` holds the pieces of the paragraph's text so far. When a field ends within the instruction of
        another, its result is taken out.
        """
        self._follow(line)
        if kind == "begin":
            self._open.append(None)
        elif not self._open:
            return ""
        elif kind == "separate":
            self._open[-1] = len(line)
        elif kind == "end":
            start = self._open.pop()
            return "" if start is None else self.take_hidden(start, line)
        return ""

    def take_hidden(self, start: int, line: list[str]) -> str:
        """The text of a field that begins at `start`, taken out of the line where Word does not show it."""
        self._follow(line)
        if None not in self._open:
            return ""
        hidden = "".join(line[start:])
        del line[start:]
        return hidden

    def _follow(self, line: list[str]) -> None:
        if line is not self._line:
            self._line, self._open = line, []
