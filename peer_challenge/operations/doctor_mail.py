"""Whether the mail servers of the settings can be used, and the mailbox is looked at."""

from collections.abc import Iterator

from peer_challenge.operations.doctor_check import Check
from peer_challenge.post.try_mail_servers import MailTrial, try_mail_server, try_mailbox
from peer_challenge.settings import Settings


def check_mail(settings: Settings) -> Iterator[Check]:
    """A check of each mail server that is set: it is found, its certificate is good, it lets us in.

    It goes over the network and may take a minute: for the command line, not for a page.
    """
    if settings.smtp_host:
        yield _make_check("mail server", try_mail_server(settings))
    if settings.imap_host:
        yield _make_check("mailbox", try_mailbox(settings))


def _make_check(name: str, trial: MailTrial) -> Check:
    return Check(name, trial.is_well, trial.saw, trial.remedy, is_fatal=False)
