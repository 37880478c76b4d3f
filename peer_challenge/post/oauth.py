"""Signs in to the office's mail servers with OAuth 2, which Microsoft 365 asks for, by msal.

Sending and fetching use the same application of the office's directory (client credentials: no
person signs in). The token is kept in memory only, until shortly before it ends.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from pydantic import SecretStr

from peer_challenge.errors import PeerChallengeError
from peer_challenge.settings import Settings

if TYPE_CHECKING:
    from msal import ConfidentialClientApplication

_SECONDS = 30
"""A service that is silent for longer is taken to be away: the run ends, and the next one asks again."""
_ENTRA_NUMBERS = {
    7000215: "The secret is wrong. Copy its value, not its id, into mail_oauth_client_secret.",
    7000222: "The secret has ended. Make a new one in Entra ID, and put it into mail_oauth_client_secret.",
    700016: "The directory does not know this application. Correct mail_oauth_client_id.",
    90002: "The directory was not found. Correct mail_oauth_tenant.",
}
"""What Entra ID's own error numbers ask the office to do."""


class MailSignInFailed(PeerChallengeError):
    """The sign-in service gave no token."""

    remedy = "Check mail_oauth_tenant, mail_oauth_client_id and mail_oauth_client_secret."


class MailSignInAway(PeerChallengeError):
    """The sign-in service could not be reached."""

    remedy = "We try again at the next run. Check that this machine reaches mail_oauth_authority."


def signs_in_by_token(settings: Settings, user: str, password: SecretStr | None) -> bool:
    """Whether `user` signs in to a mail server with a token: where there is an application and no password.

    A password is for that server alone, a relay in the house say, and so it counts.
    """
    return bool(user and settings.mail_oauth_client_id) and password is None


def fetch_access_token(settings: Settings) -> str:
    """An access token for the office's mail servers: one we still have, else a new one.

    Raises MailSignInAway when the sign-in service does not answer, MailSignInFailed when it gives no
    token. Neither error holds the secret or the token.
    """
    if not (settings.mail_oauth_tenant and settings.mail_oauth_client_secret):
        raise MailSignInFailed("The mail_oauth_ settings are not complete.")
    try:
        application = _open_application(
            settings.mail_oauth_client_id,
            settings.mail_oauth_client_secret.get_secret_value(),
            f"{settings.mail_oauth_authority.rstrip('/')}/{settings.mail_oauth_tenant}",
        )
        answer = application.acquire_token_for_client(scopes=[settings.mail_oauth_scope])
    except OSError as error:  # all that requests raises is one
        raise MailSignInAway(
            f"We could not reach the sign-in service for mail ({type(error).__name__})."
        ) from None
    except ValueError:  # msal's word for an address that has no directory
        raise MailSignInFailed(
            "The sign-in service does not know this directory.",
            remedy="Correct mail_oauth_tenant: the directory's id or its domain.",
        ) from None
    if token := answer.get("access_token"):
        return str(token)
    numbers = [number for number in answer.get("error_codes") or [] if isinstance(number, int)]
    remedy = next((_ENTRA_NUMBERS[number] for number in numbers if number in _ENTRA_NUMBERS), None)
    reason = ", ".join(str(part) for part in (answer.get("error"), *numbers) if part)
    raise MailSignInFailed(f"The sign-in service gave us no token for mail ({reason}).", remedy=remedy)


def format_xoauth2(user: str, token: str) -> str:
    """What a mail server is sent for the SASL mechanism XOAUTH2, before it is put into base64."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01"


@lru_cache(maxsize=4)
def _open_application(client_id: str, secret: str, authority: str) -> "ConfidentialClientApplication":
    """The application as msal knows it; it keeps its tokens as long as this process runs.

    Without instance discovery: the authority comes from our own settings, and may be one that
    Microsoft's worldwide service does not know.
    """
    from msal import ConfidentialClientApplication  # 0.2 s, and most runs never need it

    return ConfidentialClientApplication(
        client_id,
        client_credential=secret,
        authority=authority,
        instance_discovery=False,
        timeout=_SECONDS,
    )
