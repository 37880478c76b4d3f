"""The browser that is opened at the first start gets the one-time link in a file, not as an argument."""

from pathlib import Path

from cli.open_browser import write_leading_page


def test_the_page_that_leads_to_the_link_is_for_this_account_alone(tmp_path: Path) -> None:
    page = write_leading_page(tmp_path, 'http://localhost:8080/password/one-time?a=1&b="2"')
    assert page.stat().st_mode & 0o777 == 0o600
    assert "url=http://localhost:8080/password/one-time?a=1&amp;b=&quot;2&quot;" in page.read_text()
