"""The mailbox flow with a real Prefect and a real mailbox: `python -m tests.flows.mailbox_run HOME`.

Run by test_mailbox.py in a process of its own. Prints, as JSON, what came of a run with the mailbox, of one
without its server, and of one with it again.
"""

import json
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from cli.local_prefect import local_prefect
from cli.prefect_home import prepare_prefect
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.model.cycle import Dates
from peer_challenge.operations.migrate_home import migrate_installation
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import open_register
from peer_challenge.settings import load_settings
from tests.factories import a_cycle
from tests.mail.certificates import make_certificates
from tests.mail.dovecot import run_dovecot
from tests.mail.emails import an_email


def main(home: Path) -> None:
    with run_dovecot(make_certificates(home / "certificates")) as mail_server:
        account = mail_server.make_account()
        os.environ["SSL_CERT_FILE"] = str(mail_server.certificates.authority)
        os.environ |= {
            f"PEER_CHALLENGE_{key.upper()}": str(value) for key, value in account.settings().items()
        }
        settings = load_settings(home)
        migrate_installation(settings)
        register = open_register(settings)
        dates = Dates(opens=date(2025, 1, 13), self_assessment_due=date(2025, 2, 28))
        cycle = a_cycle(4).model_copy(update={"dates": dates})
        with register.writing() as connection:
            at = datetime(2025, 1, 4, 9, tzinfo=UTC)
            store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=at, actor="test")
        register.close()
        prepare_prefect(settings)
        with local_prefect() as server:
            server.wait()
            from flows.mailbox import mailbox

            found: list[object] = []
            account.put(an_email(("marked.docx", b"PK\x03\x04"), subject="marked words"))
            found.append(mailbox(str(home)))
            mail_server.stop()
            state = mailbox(str(home), return_state=True)
            found.append([state.name, state.message])
            mail_server.start()
            account.put(an_email(("marked.docx", b"PK\x03\x04 again"), number=2))
            found.append(mailbox(str(home)))
        print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
