"""One thing that `doctor` looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `is_fatal` says whether an installation with it wrong is unhealthy."""

    name: str
    is_well: bool
    saw: str
    remedy: str = ""
    is_fatal: bool = True
