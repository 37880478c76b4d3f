"""The pages, a file each: what each shows and what can be done on it."""

from fastapi import APIRouter

from dashboard.pages import (
    board,
    challenge,
    changing,
    diary,
    documents,
    inbox,
    journal,
    live,
    mine,
    pairs,
    signing_in,
    staff,
    versions,
)

ROUTERS: tuple[APIRouter, ...] = tuple(
    one.router
    for one in (
        signing_in,
        board,
        mine,
        inbox,
        challenge,
        versions,
        changing,
        documents,
        pairs,
        diary,
        journal,
        staff,
        live,
    )
)
