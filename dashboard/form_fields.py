"""What a form sends, whatever its fields are."""

from typing import Annotated

from fastapi import Depends, Form, Request


async def read_form_fields(request: Request) -> dict[str, str]:
    """What a form sends, as text by the name of the field; files are left out."""
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}


FormFields = Annotated[dict[str, str], Depends(read_form_fields)]

Text = Annotated[str, Form()]
"""One field of a form, as somebody typed it."""
