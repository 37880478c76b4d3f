"""What each area, challenger and Chair of a rehearsal cycle would write in a form."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from random import Random

from peer_challenge.model.cycle import Cycle
from peer_challenge.model.days_in_words import month_in_words
from peer_challenge.model.framework import Framework
from peer_challenge.model.sentences import capitalise_first_letter
from peer_challenge.model.vocabulary import RESPONSE_NAMES, ActionStatus, ItemKind, Kind, Rating
from peer_challenge.rehearsal.handwriting import Sheet
from peer_challenge.rehearsal.phrases import find_phrase_bank, load_common_phrases, make_sentence
from peer_challenge.rehearsal.writing import Writer, Written, make_writers
from peer_challenge.word.form.forms import OF_CORRECTIONS, PARTNERS


@dataclass(slots=True)
class Draft:
    """What somebody means to put in a form: texts by address and column, and by field."""

    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)


class People:
    """The people of a rehearsal cycle. The seed decides what they write.

    The same seed always gives the same words.
    """

    def __init__(self, seed: int, cycle: Cycle, framework: Framework) -> None:
        self.seed, self.cycle, self.framework = seed, cycle, framework
        self.writers: dict[str, Writer] = make_writers(seed, cycle, framework)
        self._written: dict[str, dict[str, Written]] = {}

    def draft(
        self,
        kind: Kind,
        author: str,
        who: str,
        *,
        sheet: Sheet | None = None,
        on: date | None = None,
        event_on: date | None = None,
        review: int = 0,
    ) -> Draft:
        """What `who` writes in a form about `author`.

        With a `sheet`, only the rows that this sheet has. `on` is the day of the sign-off, `event_on` that
        of the event; both are worked out from the cycle's dates when not given. `review` is the review that a
        progress report is for.
        """
        event = event_on or self.cycle.dates.self_assessment_due + timedelta(days=110)
        writer = self.writers[who]
        if kind is Kind.SELF_ASSESSMENT:
            rows, signed = (
                self._write_self_assessment(author),
                self.cycle.dates.self_assessment_due - timedelta(days=3),
            )
        elif kind is Kind.ANALYSIS:
            rows = {a: {"commentary": text} for a, text in self.challenges(author, who).items()}
            signed = self.cycle.dates.self_assessment_due + timedelta(days=35)
        elif kind is Kind.RESPONSE:
            rows, signed = self._write_responses(author, sheet), event - timedelta(days=8)
        elif kind is Kind.CHAIR_RECORD:
            rows, signed = self._write_chair_record(author), event + timedelta(days=2)
        elif kind in OF_CORRECTIONS:
            return self.correct_draft(author, who, sheet) if sheet is not None else Draft()
        elif kind is Kind.ACTION_PLAN:
            rows, signed = self._write_action_plan(author, event), event + timedelta(days=24)
        else:
            rows, signed = self._write_progress(author, event, review), event + timedelta(days=115)
        if sheet is not None:
            rows = {address: row for address, row in rows.items() if sheet.has(address)}
        if kind is Kind.CHAIR_RECORD:
            return Draft(rows, self._chair_fields(author, writer, event, on or signed))
        fields = self._sign_off(writer, kind, on or signed)
        if kind is Kind.PROGRESS_REPORT and review == len(self.cycle.rules.review_months):
            fields |= self._say_of_challenge(author)
        return Draft(rows, fields)

    def has_corrections(self, author: str, who: str) -> bool:
        """Whether an area finds something to correct in the draft summary of a challenge."""
        return self.dice("corrects", author, who).random() < 0.4

    def correct_draft(self, author: str, who: str, sheet: Sheet) -> Draft:
        """What an area corrects in a draft summary: who was there, and words of one line."""
        dice, words = self.dice("corrections", author, who), load_common_phrases()["corrections"]
        addresses = [f"{kind.value}/{n}" for kind in ItemKind for n in range(1, 6)]
        address = dice.choice([one for one in addresses if sheet.has(one)])
        text = sheet.text(address, "text")
        own = "author_present" if who == author else "challenger_present"
        here = sheet.field(own) or ""
        missing = [role for role in words["present"] if role not in here.casefold()]
        return Draft(
            {address: {"text": f"{text.rstrip('.')}, {dice.choice(words['added'])}."}},
            {own: f"{here}; {dice.choice(missing)}"},
        )

    def ratings(self, author: str) -> dict[str, Rating]:
        """How an area rates every sub-heading of the framework."""
        return {address: row.rating for address, row in self.written(author).items()}

    def written(self, author: str) -> dict[str, Written]:
        """What an area writes under every sub-heading, without any mistakes."""
        if author not in self._written:
            writer, rated = self.writers[author], self._rate_subheadings(author)
            self._written[author] = {
                address: writer.row(address, rating) for address, rating in rated.items()
            }
        return self._written[author]

    def challenges(self, author: str, challenger: str) -> dict[str, str]:
        """The questions of a challenger: every RED, about a third of AMBER, a few of GREEN."""
        dice = self.dice("challenged", author)
        writer, used = self.writers[challenger], set[str]()
        chance = {Rating.RED: 1.0, Rating.AMBER: 0.38, Rating.GREEN: 0.07, Rating.NOT_APPLICABLE: 0.0}
        chosen = {a: row for a, row in self.written(author).items() if dice.random() < chance[row.rating]}
        asked = self.writers[author]
        return {address: writer.question(address, row, asked, used) for address, row in chosen.items()}

    def agreed(self, author: str) -> dict[ItemKind, list[str]]:
        """The sub-headings of the three to five strengths and areas for development that are agreed."""
        dice = self.dice("agreed", author)
        rated = self.ratings(author)
        by_rating = {rating: [a for a in rated if rated[a] is rating] for rating in Rating}
        most = min(5, self.cycle.rules.agreed_items)
        strengths = dice.sample(
            by_rating[Rating.GREEN], min(dice.randint(3, 5), most, len(by_rating[Rating.GREEN]))
        )
        reds = dice.sample(by_rating[Rating.RED], len(by_rating[Rating.RED]))
        ambers = dice.sample(by_rating[Rating.AMBER], len(by_rating[Rating.AMBER]))
        needs = (reds + ambers)[: min(dice.randint(3, 5), most)]
        order = list(rated)
        return {
            ItemKind.STRENGTH: sorted(strengths, key=order.index),
            ItemKind.DEVELOPMENT: sorted(needs, key=order.index),
        }

    def dice(self, *about: object) -> Random:
        """A random generator that gives the same numbers for the same seed and subject (`about`)."""
        return Random(f"{self.seed}/{'/'.join(map(str, about))}")  # noqa: S311 - for variety, not secrecy

    @cached_property
    def _profile_by_area(self) -> dict[str, dict[str, int]]:
        common = load_common_phrases()
        names = self.dice("profiles").sample(common["profile_order"], len(common["profile_order"]))
        authors = self.cycle.authors
        return {area.id: common["profiles"][names[n % len(names)]] for n, area in enumerate(authors)}

    def _rate_subheadings(self, author: str) -> dict[str, Rating]:
        dice, profile = self.dice("ratings", author), self._profile_by_area[author]
        rated = {address: self._one_rating(address, profile, dice) for address in self.framework}
        return _with_enough(rated, dice)

    def _one_rating(self, address: str, profile: dict[str, int], dice: Random) -> Rating:
        bank = find_phrase_bank(self.framework, address)
        roll = dice.random() * 100 + bank.get("hard", 0)
        if "not_applicable" in bank and dice.random() < 0.12:
            return Rating.NOT_APPLICABLE
        if roll < profile["green"]:
            return Rating.GREEN
        return Rating.AMBER if roll < profile["green"] + profile["amber"] else Rating.RED

    def _write_self_assessment(self, author: str) -> dict[str, dict[str, str]]:
        writer = self.writers[author]
        return {
            address: {
                "strengths": row.strengths,
                "development": row.development,
                "rating": writer.rating(row.rating),
            }
            for address, row in self.written(author).items()
        }

    def _write_responses(self, author: str, sheet: Sheet | None) -> dict[str, dict[str, str]]:
        writer, rows = self.writers[author], {}
        for address, rating in self.ratings(author).items():
            if sheet is None or sheet.has(address):
                kind, answer = writer.answer(address, rating)
                rows[address] = {"response_kind": RESPONSE_NAMES[kind], "response": answer}
        return rows

    def agreed_points(self, author: str) -> dict[str, str]:
        """What is agreed about an area, by the address of its sub-heading, as the Chair records it."""
        return self._points_by_area[author]

    @cached_property
    def _points_by_area(self) -> dict[str, dict[str, str]]:
        """What is agreed about each sub-heading of each area: no two areas agree the same sentence."""
        taken: set[str] = set()
        return {area.id: self._choose_points(area.id, taken) for area in self.cycle.authors}

    def _choose_points(self, author: str, taken: set[str]) -> dict[str, str]:
        """A sentence for each sub-heading that is agreed, by address; it is added to those `taken`."""
        writer, written, chosen = self.writers[author], self.written(author), {}
        for kind, addresses in self.agreed(author).items():
            for address in addresses:
                points = writer.list_points(address, written[address], is_strength=kind is ItemKind.STRENGTH)
                here = f"{points[0].rstrip('.')}, in {writer.words['area']}."
                chosen[address] = next((one for one in points if one not in taken), here)
                taken.add(chosen[address])
        return chosen

    def _write_chair_record(self, author: str) -> dict[str, dict[str, str]]:
        points, rows = self.agreed_points(author), {}
        for kind, addresses in self.agreed(author).items():
            for n, address in enumerate(addresses, 1):
                rows[f"{kind.value}/{n}"] = {
                    "text": points[address],
                    "subheading": self._label_of_subheading(address),
                    "consensus": "Yes",
                }
        return rows

    def _label_of_subheading(self, address: str) -> str:
        """How a form lists a sub-heading: by title, with its area of focus where two have the same."""
        title = self.framework.subheadings[address].title
        is_shared = sum(held.title == title for held in self.framework.subheadings.values()) > 1
        return f"{title} ({self.framework.focus_area_of[address].title})" if is_shared else title

    def _write_action_plan(self, author: str, event: date) -> dict[str, dict[str, str]]:
        writer, rows = self.writers[author], {}
        for n, address in enumerate(self.agreed(author)[ItemKind.DEVELOPMENT], 1):
            for m, (action, measure) in enumerate(writer.actions(address)):
                rows[f"development/{n}" + "/2" * m] = {
                    "action": action,
                    "owner": writer.role("owners", address, m),
                    "due_on": writer.day(self._month_end(event, author, address, m)),
                    "measure": measure,
                }
        return rows

    def _write_progress(self, author: str, event: date, review: int) -> dict[str, dict[str, str]]:
        """How far each action of the plan is: at later reviews more is done, and a little was dropped."""
        writer, phrases = self.writers[author], load_common_phrases()["progress"]
        rows: dict[str, dict[str, str]] = {}
        told: set[str] = set()
        for address in self._write_action_plan(author, event):
            dice = self.dice("progress", author, address)
            fate = dice.random()
            status = ActionStatus.UNDER_WAY
            if fate < 0.25 + 0.35 * (review > 1):
                status = ActionStatus.DONE
            elif fate > 0.9:
                status = ActionStatus.CHANGED if review < 2 else ActionStatus.DROPPED
            said, about = phrases[status.value], self.dice("progress said", author, address, status)
            terms = {
                **writer.words,
                "past_month": month_in_words(event + timedelta(days=80)),
                "next_month": month_in_words(event + timedelta(days=110 + 90 * max(review, 1))),
            }
            rows[address] = {
                "status": capitalise_first_letter(status.value),
                **{
                    column: make_sentence(_choose_untold(said[column], told, about), terms, about)
                    for column in ("evidence", "difference")
                },
            }
        return rows

    def _month_end(self, event: date, *about: object) -> date:
        later = event + timedelta(days=self.dice("action due", *about).randint(75, 300))
        return later.replace(day=1) - timedelta(days=1)

    def _sign_off(self, writer: Writer, kind: Kind, on: date) -> dict[str, str]:
        fields = {}
        for partner in PARTNERS:
            fields[f"took_part_{partner}"] = writer.role("took_part", kind, within=partner)
            fields[f"signed_off_{partner}"] = writer.role("signed_off", within=partner)
            back = writer.dice("signed", kind, partner).randint(0, 2)
            fields[f"signed_on_{partner}"] = writer.day(on - timedelta(days=back))
        return fields

    def _say_of_challenge(self, author: str) -> dict[str, str]:
        """What an area says of the challenge with its last report."""
        said = load_common_phrases()["of_the_challenge"]
        place = [area.id for area in self.cycle.authors].index(author)
        found = {}
        for name in ("said_changed", "said_better", "said_again"):
            shuffled = self.dice("said", name).sample(said[name], len(said[name]))
            found[name] = shuffled[place % len(shuffled)]
        return found

    def _chair_fields(self, author: str, writer: Writer, event: date, on: date) -> dict[str, str]:
        chair = next((c.name for c in self.cycle.chairs if self.writers[c.id] is writer), "Independent Chair")
        dice = self.dice("chair", author)
        return {
            "held_on": writer.day(event),
            "chair": chair,
            "author_present": writer.role("present", author, "author"),
            "challenger_present": writer.role("present", author, "challenger"),
            "consensus": "Yes",
            "notes": make_sentence(dice.choice(load_common_phrases()["notes"]), writer.words, dice),
            "signed_off": chair,
            "signed_on": writer.day(on),
        }


def _choose_untold(phrases: list[str], told: set[str], dice: Random) -> str:
    """One of some phrases, and none that is `told` already while another is left; it is added to those."""
    fresh = [one for one in phrases if one not in told]
    chosen = dice.choice(fresh or phrases)
    told.add(chosen)
    return chosen


def _with_enough(rated: dict[str, Rating], dice: Random) -> dict[str, Rating]:
    """At least one RED to challenge, three GREEN to agree on and three others, as every real area has."""
    wanted = {Rating.RED: 1, Rating.GREEN: 3, Rating.AMBER: 2}
    for rating, number in wanted.items():
        lacking = number - sum(found is rating for found in rated.values())
        spare = [a for a, found in rated.items() if sum(f is found for f in rated.values()) > number + 3]
        for address in dice.sample(spare, min(max(lacking, 0), len(spare))):
            rated[address] = rating
    return rated
