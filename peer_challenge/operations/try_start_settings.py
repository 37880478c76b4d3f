"""Tries settings that are read when the service starts, before they are saved: sign-in, address, folders."""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import httpx

from peer_challenge.operations.doctor_address import check_address
from peer_challenge.operations.doctor_check import Check
from peer_challenge.settings import Settings

_SECONDS = 10.0  # the office waits for the page meanwhile


def try_start_settings(present: Settings, tried: Settings, at: datetime) -> list[Check]:
    """What was seen of each of these settings: those of folders that would change, of address and sign-in.

    Nothing is made or moved. `present` are the settings in force.
    """
    return [*_try_folders(present, tried), *_try_sign_in(tried), *_try_address(tried, at)]


def _try_folders(present: Settings, tried: Settings) -> Iterator[Check]:
    folders = {
        "Inbox": (present.inbox_folder, tried.inbox_folder),
        "Outbox": (present.outbox_folder, tried.outbox_folder),
        "Rejected documents": (present.rejected_folder, tried.rejected_folder),
    }
    for name, (before, folder) in folders.items():
        if before == folder:
            continue
        others = [one for other, (_, one) in folders.items() if other != name]
        why, remedy = _find_fault_of_folder(folder, [*others, tried.var])
        moved = f"{folder} can be used. What is in {before} stays there: move it before the next start."
        yield Check(name, not why, why or moved, remedy)


def _find_fault_of_folder(folder: Path, others: list[Path]) -> tuple[str, str]:
    """Why a folder can't be used, and what to do; "" where it can."""
    if not folder.is_absolute():
        return f"{folder} is not a whole path.", "Write it from the beginning, such as /srv/office/inbox."
    if not folder.is_dir():
        return f"There is no folder {folder}.", "Make the folder first, then try again."
    real = folder.resolve()
    for other in others:
        there = other.resolve()
        if real == there or there in real.parents or real in there.parents:
            return f"{folder} and {other} are in one another.", "Choose a folder of its own for each."
    try:
        with tempfile.TemporaryFile(dir=folder):
            next(folder.iterdir(), None)
    except OSError as error:
        remedy = "Let the account that runs the service read and write there."
        return f"We can't use {folder} ({error.strerror}).", remedy
    return "", ""


def _try_sign_in(tried: Settings) -> Iterator[Check]:
    if tried.oidc_issuer:
        yield _ask_sign_in_service(tried.oidc_issuer)


def _ask_sign_in_service(issuer: str) -> Check:
    try:
        answer = httpx.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration", timeout=_SECONDS)
        told = answer.raise_for_status().json()
        calls_itself = told.get("issuer") if isinstance(told, dict) else None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        remedy = "Check the address. It is the one that the service calls its issuer."
        return Check("Sign-in service", False, f"It does not answer ({type(error).__name__}).", remedy)
    if calls_itself != issuer:
        remedy = "Write the address exactly as the service calls itself, with or without a / at its end."
        return Check("Sign-in service", False, "It answers, but calls itself otherwise.", remedy)
    saw = "It answers. Whether it knows this program is seen when somebody signs in."
    return Check("Sign-in service", True, saw)


def _try_address(tried: Settings, at: datetime) -> Iterator[Check]:
    fits = check_address(tried, at)
    if not fits.is_well:
        yield Check("Public address", False, f"{fits.saw}.", fits.remedy)
    if not tried.public_url:
        return
    try:
        is_up = httpx.get(f"{tried.public_url}/health/live", timeout=_SECONDS).is_success
    except (httpx.HTTPError, httpx.InvalidURL):
        is_up = False
    saw = "This page answers there." if is_up else f"This page does not answer at {tried.public_url}."
    yield Check("Public address", is_up, saw, "" if is_up else "Check it from another machine as well.")
