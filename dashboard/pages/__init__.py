"""The pages, a file each: what each shows and what can be done on it."""

from fastapi import APIRouter

from dashboard.pages import (
    api,
    board,
    calendar,
    challenge,
    challenge_changes,
    cycle,
    cycle_dates,
    cycle_events,
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
        challenge,
        versions,
        challenge_changes,
        downloads_and_uploads,
        cycle,
        cycle_dates,
        cycle_events,
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
