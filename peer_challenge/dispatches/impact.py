"""What came of a cycle, in figures and words: for the closing overview and the tables."""

from statistics import median

from peer_challenge.dispatches.phrases import Context, read_cell_text
from peer_challenge.dispatches.regional_counts import RegionView
from peer_challenge.word.form.forms import ABOUT_THE_CHALLENGE

CHANGED, BETTER, AGAIN = (field.id for field in ABOUT_THE_CHALLENGE)


def list_step_days(view: RegionView) -> list[Context]:
    """Each step with how many areas finished it, and the fewest, middle and most days that it took."""
    rows = view.region.step_days
    found = []
    for step in dict.fromkeys(rows["step"]) if len(rows) else ():
        days = sorted(int(day) for day in rows[rows["step"] == step]["days"])
        found.append(
            {
                "step": step,
                "areas": len(days),
                "fewest": days[0],
                "middle": round(median(days)),
                "most": days[-1],
            }
        )
    return found


def list_feedback(view: RegionView) -> list[Context]:
    """What each area says of the challenge: its name, and its answers to the three questions."""
    rows = view.region.feedback
    found = []
    for area, label in view.labels.items():
        own = rows[rows["participant"] == area] if len(rows) else rows
        if len(own):
            said = dict(zip(own["field"], map(read_cell_text, own["value"]), strict=True))
            found.append(
                {
                    "who": label,
                    "changed": said.get(CHANGED, ""),
                    "better": said.get(BETTER, ""),
                    "again": said.get(AGAIN, ""),
                }
            )
    return found


def count_recommending(view: RegionView) -> tuple[int, int]:
    """How many areas would recommend the challenge, and how many say whether they would."""
    said = [words for row in list_feedback(view) if (words := str(row["again"]).strip().casefold())]
    return sum(words.startswith("yes") for words in said), len(said)
