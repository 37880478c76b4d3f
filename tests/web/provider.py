"""A small OpenID Connect provider that checks what it is asked, and can be told to lie."""

import base64
import hashlib
import secrets
import time
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import FastAPI, Form, HTTPException, Request
from fastapi.responses import RedirectResponse
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "peer-challenge", "known to both"


class SmallProvider:
    """One person, `claims`, is always signed in here. `lies` change what the token says, `key` who signs."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.lies: dict[str, Any] = {}
        self.metadata_lies: dict[str, Any] = {}
        self.forges = False
        self.signs_with_secret = False
        self.tells_in_userinfo_only = False
        self.userinfo_lies: dict[str, Any] = {}
        self.asked: list[dict[str, str]] = []
        self._key = RSAKey.generate_key(2048, {"kid": "one"})
        self._forged = RSAKey.generate_key(2048, {"kid": "one"})
        self._codes: dict[str, dict[str, str]] = {}
        self.url = ""
        self.app = FastAPI(openapi_url=None)
        self.app.get("/.well-known/openid-configuration")(self.metadata)
        self.app.get("/keys")(self.keys)
        self.app.get("/authorize")(self.authorize)
        self.app.post("/token")(self.token)
        self.app.get("/userinfo")(self.userinfo)

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "id_token_signing_alg_values_supported": ["none", "HS256", "RS256"],
        } | self.metadata_lies

    def keys(self) -> dict[str, Any]:
        return {"keys": [self._key.as_dict(private=False)]}

    def authorize(self, request: Request) -> RedirectResponse:
        asked = dict(request.query_params)
        self.asked.append(asked)
        if asked.get("client_id") != CLIENT or asked.get("code_challenge_method") != "S256":
            raise HTTPException(400)
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 302)

    def token(
        self,
        request: Request,
        code: Annotated[str, Form()],
        redirect_uri: Annotated[str, Form()],
        code_verifier: Annotated[str, Form()],
    ) -> dict[str, Any]:
        """Once for each code, to who proves that they asked for it."""
        asked = self._codes.pop(code, None)
        who = base64.b64decode(request.headers["authorization"].removeprefix("Basic ")).decode()
        proof = base64.urlsafe_b64encode(hashlib.sha256(code_verifier.encode()).digest()).rstrip(b"=")
        if (
            asked is None
            or proof.decode() != asked["code_challenge"]
            or redirect_uri != asked["redirect_uri"]
            or who.split(":")[0] != CLIENT
        ):
            raise HTTPException(400)
        now = int(time.time())
        told = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": "17",
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
        }
        told |= {} if self.tells_in_userinfo_only else self.claims
        told = {key: value for key, value in (told | self.lies).items() if value is not None}
        header, key = {"alg": "RS256", "kid": "one"}, self._forged if self.forges else self._key
        signed = jwt.encode(header, told, key)
        if self.signs_with_secret:
            signed = jwt.encode({"alg": "HS256"}, told, OctKey.import_key(SECRET * 4))
        return {"access_token": "opaque", "token_type": "Bearer", "expires_in": 300, "id_token": signed}

    def userinfo(self) -> dict[str, Any]:
        return {"sub": "17"} | self.claims | self.userinfo_lies
