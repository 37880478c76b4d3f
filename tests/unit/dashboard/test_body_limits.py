"""Every page that takes a file may be sent one: what its address may get is said in one table."""

from collections.abc import Iterator

from fastapi.routing import APIRoute

from dashboard import pages
from dashboard.body_limits import FORM_BYTES, TAKE_FILES, find_office_upload


def _list_pages_with_files() -> Iterator[str]:
    for router in pages.ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            if any("UploadFile" in str(one.field_info.annotation) for one in route.dependant.body_params):
                yield route.path


def test_every_page_that_takes_a_file_takes_more_than_people_type() -> None:
    paths = sorted(_list_pages_with_files())
    assert len(paths) >= 8
    for path in paths:
        asked = path.format(cycle_id="a-cycle", draft_id=12, template="reminder")
        found = find_office_upload(asked)
        assert asked in TAKE_FILES or (found is not None and found.most_bytes > FORM_BYTES), path


def test_what_follows_an_upload_takes_no_file() -> None:
    assert find_office_upload("/drafts/12/areas/table/use") is None
    assert find_office_upload("/templates/reminder/use") is None
    assert find_office_upload("/house-style/3/use") is None
