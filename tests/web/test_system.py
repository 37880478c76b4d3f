"""The System page: what needs the office comes first, then backups, mail, the inbox, signing in, folders."""

import re
from html import unescape

from tests.web.conftest import As
from tests.web.world import OFFICE

TOPICS = (
    "Backups",
    "Messages and mail",
    "Inbox and mailbox",
    "Signing in",
    "Folders and keeping",
    "For the person who looks after this machine",
)


def test_topics_are_in_the_order_of_the_office_with_words_that_it_knows(as_: As) -> None:
    page = as_(OFFICE).get("/system?look=again").text
    headings = [unescape(one) for one in re.findall(r"<h2[^>]*>([^<]*)</h2>", page)]
    assert headings[0] in ("What to do", "Something needs you")
    assert [one for one in headings if one in TOPICS] == list(TOPICS)
    assert not re.search(r"dispatch|\bvar\b", "".join(re.findall(r"<th scope=\"row\"[^>]*>([^<]*)<", page)))
    tags = set(re.findall(r'<strong class="govuk-tag[^"]*">([^<]*)</strong>', page))
    assert tags <= {
        "Fine",
        "Needs your attention",
        "Needs action now",
        "Everything runs",
        "Something does not run",
    }


def test_a_missing_backup_says_what_to_do_and_leads_there(as_: As) -> None:
    office = as_(OFFICE)
    page = re.sub(r"\s+", " ", office.get("/system?look=again").text)
    told = re.search(r"Needs your attention</strong> <strong>Last backup:</strong>(.*?)</li>", page)
    assert told is not None
    assert "No backup yet. Make one now" in told[1] and 'href="/backups"' in told[1]
