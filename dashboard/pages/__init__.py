"""The pages, a file each: what each shows and what can be done on it."""

from fastapi import APIRouter

from dashboard.pages import (
    api,
    board,
    calendar,
    challenge,
    challenge_changes,
    downloads_and_uploads,
    event_stream,
    health_probes,
    held_documents,
    inbox,
    journal,
    my_challenges,
    partners,
    people,
    regional_picture,
    sign_in,
    system,
    versions,
)

ROUTERS: tuple[APIRouter, ...] = tuple(
    one.router
    for one in (
        sign_in,
        board,
        my_challenges,
        inbox,
        held_documents,
        challenge,
        versions,
        challenge_changes,
        downloads_and_uploads,
        partners,
        calendar,
        regional_picture,
        journal,
        people,
        system,
        event_stream,
        api,
        health_probes,
    )
)
