"""The pages, a file each: what each shows and what can be done on it."""

from fastapi import APIRouter

from dashboard.pages import (
    accept,
    api,
    board,
    calendar,
    came,
    challenge,
    challenge_changes,
    challenge_notes,
    challenge_state,
    downloads_and_uploads,
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
        accept,
        came,
        challenge,
        versions,
        challenge_changes,
        challenge_notes,
        challenge_state,
        downloads_and_uploads,
        partners,
        calendar,
        picture,
        journal,
        people,
        mail,
        system,
        events,
        api,
        health,
    )
)
