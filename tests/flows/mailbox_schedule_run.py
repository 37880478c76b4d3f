"""In a process of its own: whether the mailbox's schedule runs as the office sets and takes out a mailbox."""

import json
import sys
from pathlib import Path

from cli.local_prefect import local_prefect
from cli.prefect_home import prepare_prefect
from peer_challenge.settings import load_settings


def main(home: Path) -> None:
    """Print what the schedule was at each moment, and whether the deployments were applied again."""
    settings = load_settings(home)
    prepare_prefect(settings, quiet=True)
    with local_prefect() as server:
        server.wait()
        from prefect.client.orchestration import SyncPrefectClient, get_client

        from cli.prefect_deployments import apply_deployments
        from cli.switch_mailbox_schedule import MailboxSchedule

        apply_deployments()
        schedule, told = MailboxSchedule(settings), []
        with get_client(sync_client=True) as client:
            assert isinstance(client, SyncPrefectClient)
            for wanted in ("", 'imap_host = "mail.example.org"\n', ""):
                (home / "settings.toml").write_text(wanted)
                was_applied = schedule.follow_settings()
                [one] = client.read_deployment_by_name("mailbox/mailbox").schedules
                told.append([was_applied, one.active])
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
