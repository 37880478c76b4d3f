"""The pages, a file each: what each shows and what can be done on it."""

from fastapi import APIRouter

from dashboard.pages import (
    api,
    board,
    challenge,
    changing,
    diary,
    documents,
    held,
    inbox,
    journal,
    live,
    mine,
    pairs,
    picture,
    probes,
    signing_in,
    staff,
    system,
    versions,
)

ROUTERS: tuple[APIRouter, ...] = tuple(
    one.router
    for one in (
        signing_in,
        board,
        mine,
        inbox,
        held,
        challenge,
        versions,
        changing,
        documents,
        pairs,
        diary,
        picture,
        journal,
        staff,
        system,
        live,
        api,
        probes,
    )
)
