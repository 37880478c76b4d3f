"""Signing in with an organisation's own account: OpenID Connect, off until a provider is named.

The provider says who somebody is; what they may do is decided here, by the person that the office has
added with that email address. Nobody is added by signing in.
"""

import secrets
import time
from dataclasses import dataclass
from typing import Any, TypeAlias

from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse
from httpx2 import HTTPError
from joserfc.errors import JoseError
from starlette.middleware.sessions import SessionMiddleware

from peer_challenge.errors import PeerChallengeError, WrongUse
from peer_challenge.settings import Settings, find_sign_in_fault

PATH = "/sign-in/provider"
_COOKIE = "peer_challenge_sign_in"
_MINUTES = 10
"""Time to sign in at the provider, with a second factor; an older attempt begins again."""
_AGAIN_SECONDS = _MINUTES * 60
"""How long ago the provider may have asked: the same time, in which the whole of it has to be done."""
_SIGNED_WITH = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
"""Signatures that only the provider can make: never none, never one made with the client's secret."""
Claims: TypeAlias = dict[str, Any]
"""What a provider tells of a person, by its names for it."""


class NotVouchedFor(PeerChallengeError):
    """The provider did not say who somebody is, or its answer can't be trusted."""

    remedy = "Try again, or sign in with a password; if it happens again, ask the programme office."


@dataclass(frozen=True, slots=True)
class Vouched:
    """Somebody for whom the provider vouches: their verified address, and the path that they wanted to go to.

    `was_asked` tells whether we wanted the provider to ask them again, and it did as far as it says.
    """

    email: str
    next_path: str
    was_asked: bool


def _is_just_asked(told: Claims) -> bool:
    """Whether the provider asked somebody who they are just now, by its `auth_time`; true if it has none.

    A provider has to tell it where `max_age` is asked for (OpenID Connect Core, 3.1.2.1). Some do not.
    """
    asked_at = told.get("auth_time")
    return not isinstance(asked_at, int | float) or time.time() - asked_at < _AGAIN_SECONDS


class Provider:
    """The OpenID Connect provider that the settings name."""

    def __init__(self, settings: Settings) -> None:
        secret = settings.oidc_client_secret
        self._issuer = settings.oidc_issuer
        self._trusts_email = settings.oidc_trusts_email
        self._back = settings.public_url.rstrip("/") + f"{PATH}/back" if settings.public_url else None
        self._client = OAuth().register(
            "provider",
            client_id=settings.oidc_client_id,
            client_secret=secret.get_secret_value() if secret else None,
            server_metadata_url=self._issuer.rstrip("/") + "/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid email",
                "code_challenge_method": "S256",
                "timeout": 10,
                "token_endpoint_auth_method": "client_secret_basic" if secret else "none",
            },
        )

    async def begin(self, request: Request, next_path: str, *, asks_again: bool = False) -> RedirectResponse:
        """Where the browser goes to sign in at the provider. Raises NotVouchedFor when it does not answer.

        With `asks_again` the provider asks who somebody is, although it may know them (`prompt=login`).
        """
        prompt = {"prompt": "login", "max_age": str(_AGAIN_SECONDS)} if asks_again else {}
        back = self._back or str(request.url_for("back_from_provider"))
        request.session.clear()
        try:
            await self._check_provider()
            answer: RedirectResponse = await self._client.authorize_redirect(request, back, **prompt)
        except (HTTPError, OAuthError, RuntimeError, ValueError) as error:
            raise NotVouchedFor("Your organisation's sign-in does not answer.") from error
        request.session["next"] = next_path
        request.session["asks_again"] = asks_again
        return answer

    async def finish(self, request: Request) -> Vouched:
        """Who comes back, and where they wanted to go.

        Raises NotVouchedFor for a state, nonce, code, signature or token that is not right, and for an
        address that the provider has not verified.
        """
        next_path = str(request.session.get("next", "/"))
        asks_again = bool(request.session.get("asks_again"))
        try:
            await self._check_provider()
            token = await self._client.authorize_access_token(
                request,
                claims_options={
                    "iss": {"essential": True, "value": self._issuer},
                    "aud": {"essential": True, "value": self._client.client_id},
                    "nonce": {"essential": True},
                },
            )
            told = await self._load_claims(token)
        except (HTTPError, OAuthError, JoseError, RuntimeError, ValueError, KeyError) as error:
            raise NotVouchedFor("Your organisation's sign-in was not completed.") from error
        finally:
            request.session.clear()
        was_asked = asks_again and _is_just_asked(token["userinfo"])
        return Vouched(self._read_verified_email(told), next_path, was_asked)

    async def _check_provider(self) -> None:
        """Ask the provider for its description, once. Raises ValueError for another issuer than was set."""
        metadata = await self._client.load_server_metadata()
        if metadata.get("issuer") != self._issuer:
            raise ValueError("the provider calls itself otherwise")
        told = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        metadata["id_token_signing_alg_values_supported"] = sorted(_SIGNED_WITH & set(told))

    async def _load_claims(self, token: Claims) -> Claims:
        """What the provider tells of the person: in the token, or where it can be asked."""
        told: Claims = dict(token["userinfo"])
        if "email" not in told:
            more = dict(await self._client.userinfo(token=token))
            if more.get("sub") != told["sub"]:
                raise ValueError("the provider tells of two people")
            told |= more
        return told

    def _read_verified_email(self, told: Claims) -> str:
        email = told.get("email")
        if not isinstance(email, str) or "@" not in email:
            raise NotVouchedFor("Your organisation's sign-in does not tell your email address.")
        if told.get("email_verified") is not True and not (
            self._trusts_email and "email_verified" not in told
        ):
            raise NotVouchedFor("Your organisation has not verified your email address.")
        return email


def provider_of(settings: Settings) -> Provider | None:
    """The provider that the settings name; None when they name none.

    Raises WrongUse when the settings name no client, or when the provider's address is not https (on this
    machine it may be http).
    """
    if not settings.oidc_issuer:
        return None
    if (fault := find_sign_in_fault(settings)) is not None:
        name, told = fault
        remedies = {
            "oidc_client_id": "Set PEER_CHALLENGE_OIDC_CLIENT_ID to what the provider calls this dashboard.",
            "oidc_issuer": "Set PEER_CHALLENGE_OIDC_ISSUER to its https address.",
        }
        raise WrongUse(told, remedy=remedies[name])
    return Provider(settings)


def add_provider(app: FastAPI, settings: Settings) -> None:
    """Let people sign in with the provider that the settings name, where they name one.

    What a sign-in under way needs (state, nonce, verifier) is in a signed cookie of its own, for ten
    minutes and for these pages only.
    """
    app.state.provider = provider_of(settings)
    if app.state.provider is not None:
        key = settings.session_key
        app.add_middleware(
            SessionMiddleware,
            secret_key=key.get_secret_value() if key else secrets.token_hex(32),
            session_cookie=_COOKIE,
            max_age=_MINUTES * 60,
            path="/sign-in",
            same_site="lax",
            https_only=settings.public_url.startswith("https://"),
        )
