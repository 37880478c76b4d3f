"""The pages, a file each: what each shows and what can be done on it."""

from fastapi import APIRouter

from dashboard.pages import (
    api,
    board,
    calendar,
    challenge,
    challenge_changes,
    downloads_and_uploads,
    draft_areas,
    draft_opening,
    draft_parts,
    drafts,
    events,
    health,
    held,
    inbox,
    journal,
    looks,
    mail,
    message,
    messages,
    mine,
    partners,
    people,
    picture,
    sign_in,
    system,
    versions,
)

ROUTERS: tuple[APIRouter, ...] = tuple(
    one.router
    for one in (
        sign_in,
        board,
        mine,
        messages,
        message,
        looks,
        inbox,
        held,
        challenge,
        versions,
        challenge_changes,
        downloads_and_uploads,
        partners,
        calendar,
        picture,
        journal,
        people,
        drafts,
        draft_parts,
        draft_areas,
        draft_opening,
        mail,
        system,
        events,
        api,
        health,
    )
)
