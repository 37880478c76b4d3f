"""Modules that a library imports and hardly uses, loaded only when something in them is used."""

import importlib.util
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


@contextmanager
def load_when_used(*names: str) -> Iterator[None]:
    """Within the `with`, an import of one of the modules `names` does not load it yet.

    Such a module loads as soon as anything in it is asked for, then or later. One that is loaded already is
    left as it is.
    """
    finder = _FindForLater(frozenset(names))
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


class _FindForLater(MetaPathFinder):
    """Finds modules where the other finders do, and puts their loading off."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec of one of the modules; None for every other, which the next finder finds."""
        if fullname not in self._names:
            return None
        others = (finder for finder in sys.meta_path if finder is not self)
        found = (finder.find_spec(fullname, path, target) for finder in others)
        spec = next((spec for spec in found if spec is not None), None)
        if spec is not None and spec.loader is not None:
            spec.loader = importlib.util.LazyLoader(spec.loader)
        return spec
