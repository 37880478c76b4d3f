"""Links that only the people of one organisation can open: a SharePoint, an intranet, a shared drive."""

import re

_ADDRESSES = re.compile(
    r"\b(?:https?|file):[^\s<>\"]+|\\\\[\w.-]+\\[^\s<>\"]*|(?<![\w/])[a-z]:[\\/](?![/])[^\s<>\"]*",
    re.IGNORECASE,
)
"""What people type out: addresses of the web, files and shared folders."""
_PRIVATE = re.compile(
    r"^file:|^\\\\|^[a-z]:[\\/]|"  # a disk or a shared drive
    r"sharepoint\.|onedrive|1drv\.ms|teams\.microsoft|drive\.google|docs\.google|dropbox\.com|box\.com/s|"
    r"intranet|"
    r"^https?://[^/.:]+(?:[:/]|$)|^https?://[^/]*\.local(?:[:/]|$)|"  # a name that only one network knows
    r"^https?://(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|127\.)",  # addresses that no router passes on
    re.IGNORECASE,
)


def is_private_link(address: str) -> bool:
    """Whether an address can be opened in one organisation only."""
    return bool(_PRIVATE.search(address.strip()))


def has_private_link(text: str) -> bool:
    """Whether a text spells out an address that can be opened in one organisation only."""
    return ("/" in text or "\\" in text) and any(map(is_private_link, _ADDRESSES.findall(text)))
