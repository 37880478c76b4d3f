"""How answers are shown to people: of `status` and `thread`."""

from collections.abc import Mapping
from typing import Any

from rich.padding import Padding
from rich.text import Text

from cli.terminal import console, make_text_table
from peer_challenge.model.vocabulary import thing_due


def tell_status(told: Mapping[str, Any], names: Mapping[str, Mapping[str, str]]) -> None:
    """Show where each challenge stands, a table a cycle. `names` are those of its participants, by cycle."""
    for cycle in told["cycles"]:
        listed = make_text_table(
            "Area",
            "Challenged by",
            "Stage",
            "Waiting on",
            "Next",
            "By",
            "",
            title=f"{cycle['name']} ({cycle['id']}, {cycle['state']})",
        )
        for row in cycle["challenges"]:
            listed.add_row(
                row["author_name"],
                row["challenger_name"] or "",
                row["stage"],
                names[cycle["id"]].get(row["waiting_on"], ""),
                row["next_step"] or (thing_due(row["next_due"]) if row["next_due"] else ""),
                row["next_due_on"] or "",
                row["risk"] or "",
            )
        console.print(listed)
    if not told["cycles"]:
        console.print("No cycle is open. Open one: `peer-challenge open CYCLE.yaml`.")


def tell_thread(told: list[dict[str, Any]]) -> None:
    """Show each step of a sub-heading with its words."""
    if not told:
        console.print("Nothing has been accepted about this sub-heading yet.", highlight=False)
    heading = ""
    for step in told:
        if heading != (heading := f"{step['area']}: {step['title']} ({step['cycle']})"):
            console.rule(Text(heading), align="left", style="dim")
        console.print(Text.assemble((step["what"], "bold"), f" ({step['where']})"))
        console.print(Padding(Text(step["text"]), (0, 0, 1, 2)))
