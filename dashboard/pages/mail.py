"""How messages leave and how emails come in: the settings of the post, and what tries them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.confirm import ask_again, confirm_visitor
from dashboard.context import Signed, Visit
from dashboard.form_fields import FormFields, Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.numbers import LARGEST, Id, read_count
from dashboard.render_page import render_page
from dashboard.security import Checked
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.post.try_mail_servers import MailTrial, try_mail_server, try_mailbox
from peer_challenge.steering.installation_settings import (
    POST_SETTINGS,
    SettingsRefused,
    change_settings,
    mark_version,
    show_settings,
)

router = APIRouter(include_in_schema=False)
_SETTING = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
_DONE = {
    "saved": "Saved. The new settings are used from now on.",
    "unchanged": "Nothing was different, so nothing was changed.",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A setting on the form: its label, a hint, and what may be chosen where it is not typed."""

    name: str
    label: str
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()


_YES_NO = (("true", "Yes"), ("false", "No"))
_GROUPS: tuple[tuple[str, str, tuple[Field, ...]], ...] = (
    (
        "leaving",
        "How messages leave",
        (
            Field(
                "delivery",
                "How do messages leave?",
                options=(
                    ("folder", "In folders that are shared with their recipients. You send no email."),
                    ("drafts", "As drafts. You send each from your own mail program, and mark it as sent."),
                    ("send", "By email. The program sends them, through your mail server."),
                ),
            ),
        ),
    ),
    (
        "people",
        "Addresses on every message",
        (
            Field(
                "hold_new_addresses",
                "Hold the first message to a new address until the office lets it go?",
                options=_YES_NO,
            ),
            Field("smtp_from", "From", "Leave it empty for the office's address in the cycle."),
            Field("mail_reply_to", "Answers go to", "Leave it empty if they go to the address above."),
            Field(
                "mail_cc",
                "Copies go to",
                "They get a copy of every message to an area or a Chair. Put commas between addresses.",
            ),
        ),
    ),
    (
        "server",
        "The mail server that sends, for the third choice",
        (
            Field("smtp_host", "Mail server", "Such as smtp.office365.com. Your IT people know it."),
            Field("smtp_port", "Port", "587 for most servers."),
            Field("smtp_tls", "Is mail encrypted on its way there?", options=_YES_NO),
            Field(
                "smtp_security",
                "How is it encrypted?",
                options=(
                    ("starttls", "STARTTLS, as on port 587"),
                    ("tls", "TLS from the start, as on port 465"),
                ),
            ),
            Field("smtp_user", "User name"),
            Field("smtp_password", "Password"),
        ),
    ),
    (
        "microsoft",
        "Microsoft 365, in place of a password of the mail server",
        (
            Field("mail_oauth_tenant", "Directory (tenant) ID", "From Entra ID. Your IT people set this up."),
            Field("mail_oauth_client_id", "Application (client) ID"),
            Field("mail_oauth_client_secret", "Client secret", "Its value, not its ID."),
            Field(
                "mail_oauth_authority", "Sign-in service", "Leave it as it is, unless your IT people say so."
            ),
            Field("mail_oauth_scope", "Scope", "Leave it as it is, unless your IT people say so."),
        ),
    ),
    (
        "mailbox",
        "The mailbox that forms come back to",
        (
            Field("imap_host", "Mail server", "Leave it empty if no emails are to be fetched."),
            Field("imap_port", "Port", "Leave it empty for the usual one."),
            Field(
                "imap_tls",
                "How is it encrypted?",
                options=(
                    ("implicit", "TLS from the start, as on port 993"),
                    ("starttls", "STARTTLS, as on port 143"),
                ),
            ),
            Field("imap_user", "User name", "In Microsoft 365, the mailbox's address."),
            Field("imap_password", "Password", "Leave it empty if Microsoft 365 is set up above."),
            Field("imap_folder", "Folder that emails are fetched from"),
            Field("imap_done_folder", "Folder that they are moved to", "Emails are moved, never deleted."),
            Field(
                "trusted_mail_hosts",
                "Your own mail servers",
                "As they name themselves in the header Authentication-Results. Only what they say about a "
                "sender counts. Put commas between names.",
            ),
            Field(
                "answer_unknown_senders",
                "Tell unknown senders that you have their email?",
                "They are told nothing else.",
                options=_YES_NO,
            ),
        ),
    ),
)


def list_field_groups() -> list[tuple[str, str, list[Field]]]:
    """The fields of the form in groups (id, heading, fields), those that this version has."""
    found = [
        (group, heading, [field for field in fields if field.name in POST_SETTINGS])
        for group, heading, fields in _GROUPS
    ]
    return [group for group in found if group[2]]


@router.get("/mail")
def show_mail(request: Request, visit: Signed, done: str = "", draft: Id = 0) -> Response:
    """The settings of the post, and the buttons that try them; `draft` is the cycle to go back to."""
    check_user_can_run_cycle(visit.person)
    return _render_mail_page(request, visit, done=_DONE.get(done), draft=draft)


def _render_mail_page(
    request: Request,
    visit: Visit,
    *,
    typed: Mapping[str, str] | None = None,
    problem: Problem | None = None,
    problems: Mapping[str, str] | None = None,
    tried: str = "",
    trial: MailTrial | None = None,
    to: str = "",
    done: str | None = None,
    draft: int = 0,
) -> Response:
    shown = show_settings(visit.settings)
    values = {name: (typed or {}).get(name, one.value) for name, one in shown.items() if not one.is_secret}
    if not values.get("delivery"):
        values["delivery"] = visit.settings.way_to_deliver.value
    return render_page(
        request,
        "mail.html",
        status=422 if problem or problems else 200,
        title="Mail",
        groups=list_field_groups(),
        shown=shown,
        values=values,
        seen=mark_version(visit.settings),
        asked=ask_again(request, visit, f"/mail?draft={draft}" if draft else "/mail"),
        draft=draft,
        problem=problem,
        problems=problems or {},
        labels={field.name: field.label for _, _, fields in list_field_groups() for field in fields},
        tried=tried,
        trial=trial,
        trial_remedy=name_settings_as_labelled(trial.remedy) if trial else "",
        to=to,
        done=done,
    )


@router.post("/mail")
def save_mail(request: Request, visit: Checked, fields: FormFields) -> Response:
    """Write what was typed into settings.toml, once all of it can be used."""
    check_user_can_run_cycle(visit.person)
    draft = read_count(fields.get("draft", ""), 1, LARGEST) or 0
    forgotten = [name for name in POST_SETTINGS if fields.get(f"forget_{name}")]
    try:
        changed = change_settings(
            visit.register,
            visit.settings.home,
            {name: value for name, value in fields.items() if name in POST_SETTINGS},
            seen=fields.get("seen", ""),
            forgotten=forgotten,
            confirm=confirm_visitor(visit, fields.get("present", "")),
            at=visit.office.now(),
            actor=visit.person.name,
        )
    except SettingsRefused as refused:
        return _render_mail_page(request, visit, typed=fields, problems=refused.problems, draft=draft)
    except WrongUse as refused:
        return _render_mail_page(request, visit, typed=fields, problem=tell_problem(refused), draft=draft)
    if draft:
        return RedirectResponse(f"/drafts/{draft}/sending?done=mail", 303)
    return RedirectResponse(f"/mail?done={'saved' if changed else 'unchanged'}", 303)


@router.post("/mail/sending")
def try_sending(request: Request, visit: Checked, to: Text = "") -> Response:
    """Send one short message to the address that was typed, and say what came of it."""
    check_user_can_run_cycle(visit.person)
    return _render_mail_page(
        request, visit, tried="sending", trial=try_mail_server(visit.settings, to), to=to
    )


@router.post("/mail/mailbox")
def try_fetching(request: Request, visit: Checked) -> Response:
    """Sign in to the mailbox and look at its folders, and say what came of it."""
    check_user_can_run_cycle(visit.person)
    return _render_mail_page(request, visit, tried="mailbox", trial=try_mailbox(visit.settings))


def name_settings_as_labelled(text: str) -> str:
    """A sentence in which each setting is called as its label on this page says."""
    labels = {field.name: field.label for _, _, fields in _GROUPS for field in fields}
    return _SETTING.sub(lambda found: f"“{labels[found[0]]}”" if found[0] in labels else found[0], text)
