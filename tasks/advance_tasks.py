"""The advance flow's task, moving challenges on and issuing dispatches, and showing what went out."""

from prefect import task
from prefect.artifacts import create_link_artifact
from prefect.cache_policies import NO_CACHE
from prefect.events import emit_event

from peer_challenge.outbox.advance import Advanced, advance_challenges
from peer_challenge.outbox.issue import Issued
from tasks.hide_contents import quoting_nothing
from tasks.installation import get_installation, read_run_time


@task(
    name="do what is due",
    cache_policy=NO_CACHE,
    persist_result=False,
    retries=3,
    retry_delay_seconds=[1, 5, 20],
    timeout_seconds=3600,
)
@quoting_nothing
def do_what_is_due(home: str | None, at: str | None) -> Advanced:
    """Move every challenge on that can be, and issue what is intended. Retrying sends nothing twice."""
    place = get_installation(home)
    return advance_challenges(place.register, place.settings, read_run_time(at))


@quoting_nothing
def show_issued(home: str | None, issued: list[Issued]) -> None:
    """Put a link to what went out, and a list of it, beside the run, if anything did."""
    if not issued:
        return
    lines = [f"| {i.kind} | {i.recipient_id} | {i.dispatch_id} |" for i in issued]
    create_link_artifact(
        get_installation(home).settings.outbox_folder.as_uri(),
        link_text=f"{len(issued)} in the outbox",
        key="went-out",
        description="\n".join(["What went out", "", "| kind | to | dispatch |", "|---|---|---|", *lines]),
    )
    emit_event(
        "peer-challenge.dispatches.went-out",
        resource={"prefect.resource.id": "peer-challenge.outbox"},
        payload={"dispatches": len(issued)},
    )
