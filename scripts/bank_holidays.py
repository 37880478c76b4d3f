"""Write the bank holidays of England that are shipped, as the library of holidays has them now:

    python -m scripts.bank_holidays

Run it when a new version of the library is locked; a test fails until the two agree.
"""

import json

from peer_challenge.dates.working_days import SHIPPED, compute_bank_holidays

YEARS = range(2015, 2046)


def list_bank_holidays() -> dict[str, str]:
    """The name of each bank holiday of `YEARS`, by day, in order."""
    found = {day: name for year in YEARS for day, name in compute_bank_holidays(year).items()}
    return {day.isoformat(): found[day] for day in sorted(found)}


if __name__ == "__main__":
    SHIPPED.write_text(
        json.dumps(list_bank_holidays(), indent=0, ensure_ascii=False) + "\n", encoding="utf-8"
    )
