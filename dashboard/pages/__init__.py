"""The pages, a file each: what each shows and what can be done on it."""

from fastapi import APIRouter

from dashboard.pages import board, documents, inbox, live, signing_in

ROUTERS: tuple[APIRouter, ...] = (signing_in.router, board.router, inbox.router, documents.router, live.router)
