"""What was worked out of the register already, kept while nothing has happened since."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

_MOST = 256
_LONGEST_SECONDS = 60.0
"""Should something ever change that the journal does not tell of, it shows after a minute."""
T = TypeVar("T")


@dataclass(slots=True)
class _Kept:
    made_at: float
    what: Future[Any] = field(default_factory=Future)


class Memory:
    """What was worked out of the register as it stands; safe among threads, each thing made once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pulse: int | None = None
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()

    def recall(self, key: Hashable, pulse: int, make: Callable[[], T]) -> T:
        """What `make` gave for `key` while the journal was at `pulse`; made now when it is not known.

        Others who ask meanwhile wait for the one who makes it. What fails is not kept.
        """
        with self._lock:
            if pulse != self._pulse:
                self._kept.clear()
                self._pulse = pulse
            kept = self._kept.get(key)
            is_known = kept is not None and time.monotonic() - kept.made_at < _LONGEST_SECONDS
            if kept is None or not is_known:
                kept = self._kept[key] = _Kept(time.monotonic())
            self._kept.move_to_end(key)
            if len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        if not is_known:
            self._make(key, kept, make)
        found: T = kept.what.result()
        return found

    def _make(self, key: Hashable, kept: _Kept, make: Callable[[], Any]) -> None:
        try:
            kept.what.set_result(make())
        except BaseException as error:
            with self._lock:
                if self._kept.get(key) is kept:
                    del self._kept[key]
            kept.what.set_exception(error)
