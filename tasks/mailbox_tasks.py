"""The task of the mailbox flow: emails are fetched into the inbox."""

from peer_challenge.post.fetch_mail import fetch_mail
from peer_challenge.post.imap_mailbox import MailboxAway
from tasks.installation import get_installation, read_run_time
from tasks.step import step


@step("fetch emails", minutes=10, is_retried=False)
def fetch_emails(home: str | None, at: str | None) -> int:
    """Fetch what is new in the mailbox; returns how many emails went into the inbox.

    Raises MailboxAway where the mailbox can't be used, so that Prefect shows it. The next run goes on.
    """
    place = get_installation(home)
    done = fetch_mail(place.register, place.settings, read_run_time(at))
    if done.problem:
        raise MailboxAway(done.problem)
    return len(done.taken_in)
