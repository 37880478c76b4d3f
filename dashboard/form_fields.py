"""What a form sends, whatever its fields are."""

from typing import Annotated

from fastapi import Depends, Form, Query, Request


async def read_form_fields(request: Request) -> dict[str, str]:
    """What a form sends, as text by the name of the field; files are left out."""
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}


FormFields = Annotated[dict[str, str], Depends(read_form_fields)]

Text = Annotated[str, Form()]
"""One field of a form, as somebody typed it."""

Ticked = Annotated[list[str] | None, Form()]
"""The boxes of one name that are ticked in a form; None where no box is."""

Chosen = Annotated[list[str] | None, Query()]
"""What was ticked on another page, in the address that its form leads to; None where nothing was."""
