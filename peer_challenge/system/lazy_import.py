"""Imports put off until they are used, for what a library imports and we hardly ever need."""

import importlib
import sys
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """Stands for a module until something is asked of it; then it is that module."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what the import system asks is no use of it
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        self.__dict__.update(importlib.import_module(self.__name__).__dict__)
        return getattr(self, name)


def import_when_used(*names: str) -> None:
    """Let imports of these modules cost nothing until one of them is used.

    What was imported already stays as it is.
    """
    for name in names:
        sys.modules.setdefault(name, _Later(name))
