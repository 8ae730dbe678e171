"""Signs in to a server with Authlib, a client that knows nothing of it, and checks what comes back.

    python check_sign_in.py --base-url http://127.0.0.1:4500

Ends 0 when everything holds; otherwise says what did not, and ends 1.
"""

from __future__ import annotations

import argparse
import html.parser
import os
import secrets
import sys
import urllib.parse

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

# The library refuses plain HTTP otherwise.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

CLIENT = "packshot-local.apps.googleusercontent.example"
SECRET = "local-secret-of-the-fake-google"
REDIRECT = "http://localhost:4400/callback"
READONLY = "https://www.googleapis.com/auth/drive.readonly"
EMAIL = "authlib@example.net"
TIMEOUT = 60


def check(holds: bool, what: str) -> None:
    if not holds:
        raise AssertionError(what)


class Form(html.parser.HTMLParser):
    """The fields of the consent page, as a browser would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: list[tuple[str, str]] = []
        self.accounts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        own = dict(attributes)
        if tag == "form":
            self.action = own["action"] or ""
        if tag != "input" or "disabled" in own:
            return
        if own["type"] == "radio":
            self.accounts.append(own["value"] or "")
        elif own["type"] == "hidden" or "checked" in own:
            self.fields.append((own["name"] or "", own["value"] or ""))


class Person:
    """An app's session with a person who allows what it asks for."""

    def __init__(self, base: str, method: str) -> None:
        self.base = base
        self.metadata = requests.get(f"{base}/.well-known/openid-configuration", timeout=TIMEOUT).json()
        self.session = OAuth2Session(
            CLIENT,
            SECRET,
            scope=f"openid email profile {READONLY}",
            redirect_uri=REDIRECT,
            code_challenge_method="S256",
            token_endpoint_auth_method=method,
        )
        self.nonce = secrets.token_urlsafe(16)
        self.verifier = secrets.token_urlsafe(48)

    def consent(self, decision: str = "allow") -> str:
        """Answers the page; gives the URL that the browser is sent to."""
        url, self.state = self.session.create_authorization_url(
            self.metadata["authorization_endpoint"],
            code_verifier=self.verifier,
            nonce=self.nonce,
            access_type="offline",
            prompt="consent",
        )
        page = requests.get(url, timeout=TIMEOUT)
        check(page.status_code == 200, f"the page: {page.status_code} {page.text}")
        form = Form(page.text)
        check(EMAIL in form.accounts, f"accounts: {form.accounts}")
        fields = [*form.fields, ("account", EMAIL), ("decision", decision)]
        target = urllib.parse.urljoin(page.url, form.action)
        answer = requests.post(target, data=fields, allow_redirects=False, timeout=TIMEOUT)
        check(answer.status_code == 302, f"the decision: {answer.status_code} {answer.text}")
        return answer.headers["location"]

    def exchange(self) -> dict:
        return self.session.fetch_token(
            self.metadata["token_endpoint"],
            authorization_response=self.consent(),
            code_verifier=self.verifier,
            state=self.state,
        )

    def claims(self, token: dict, nonce: str | None) -> CodeIDToken:
        """Validates an ID token as the library's own integrations do."""
        keys = KeySet.import_key_set(requests.get(self.metadata["jwks_uri"], timeout=TIMEOUT).json())
        registry = JWSRegistry(
            algorithms=self.metadata["id_token_signing_alg_values_supported"], strict_check_header=False
        )
        decoded = jwt.decode(token["id_token"], key=keys, registry=registry)
        options = {"iss": {"values": [self.metadata["issuer"]]}, "aud": {"values": [CLIENT]}}
        parameters = {"client_id": CLIENT, "access_token": token["access_token"]}
        if nonce is not None:
            parameters["nonce"] = nonce
        claims = CodeIDToken(decoded.claims, decoded.header, options, parameters)
        claims.validate()
        return claims


def signs_in(base: str, method: str) -> None:
    person = Person(base, method)
    check(person.metadata["issuer"] == base, f"issuer: {person.metadata['issuer']}")
    token = person.exchange()
    check(READONLY in token["scope"].split(), f"scope: {token['scope']}")
    claims = person.claims(token, person.nonce)
    check(claims["email"] == EMAIL and claims["email_verified"] is True, f"claims: {claims}")
    profile = person.session.get(person.metadata["userinfo_endpoint"], timeout=TIMEOUT).json()
    check(profile["sub"] == claims["sub"], f"userinfo: {profile}")


def refreshes_and_revokes(base: str, method: str) -> None:
    person = Person(base, method)
    first = dict(person.exchange())
    renewed = person.session.refresh_token(person.metadata["token_endpoint"], first["refresh_token"])
    check(renewed["access_token"] != first["access_token"], "the access token is the same")
    person.claims(renewed, None)
    reply = person.session.revoke_token(person.metadata["revocation_endpoint"], first["refresh_token"])
    check(reply.status_code == 200, f"revoke: {reply.status_code}")
    try:
        person.session.refresh_token(person.metadata["token_endpoint"], first["refresh_token"])
    except OAuthError as error:
        check(error.error == "invalid_grant", f"refused with {error.error}")
    else:
        raise AssertionError("a revoked token was refreshed")


def denial_is_told(base: str, method: str) -> None:
    person = Person(base, method)
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlparse(person.consent("deny")).query))
    check(query == {"error": "access_denied", "state": person.state}, f"redirect: {query}")


FORGERIES = [
    {"algorithm": "none"},
    {"algorithm": "HS256"},
    {"algorithm": "HS256-public-key"},
    {"signature": "broken"},
    {"key": "wrong"},
    {"key": "unknown"},
    {"claims": {"nonce": "other"}},
    {"claims": {"nonce": None}},
    {"claims": {"aud": "other"}},
    {"claims": {"iss": "https://elsewhere.example"}},
    {"claims": {"exp": 1000}},
    {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
    {"claims": {"sub": None}},
]


def forgeries_are_noticed(base: str, method: str) -> None:
    for forgery in FORGERIES:
        order = {"email": EMAIL, **forgery}
        requests.put(f"{base}/__id_tokens", json=order, timeout=TIMEOUT).raise_for_status()
        person = Person(base, method)
        token = person.exchange()
        try:
            person.claims(token, person.nonce)
        except (JoseError, ValueError):
            continue
        raise AssertionError(f"not noticed: {forgery}")


def rotated_keys_are_published(base: str, method: str) -> None:
    requests.post(f"{base}/__keys/rotate", timeout=TIMEOUT).raise_for_status()
    person = Person(base, method)
    person.claims(person.exchange(), person.nonce)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base-url", required=True)
    base = parser.parse_args().base_url
    requests.put(f"{base}/__accounts", json={"email": EMAIL}, timeout=TIMEOUT).raise_for_status()
    failures = 0
    for method in ["client_secret_post", "client_secret_basic"]:
        for step in [
            signs_in,
            refreshes_and_revokes,
            denial_is_told,
            forgeries_are_noticed,
            rotated_keys_are_published,
        ]:
            try:
                step(base, method)
                print(f"ok    {method:20} {step.__name__}")
            except Exception as error:
                failures += 1
                print(f"FAIL  {method:20} {step.__name__}: {type(error).__name__}: {error}", file=sys.stderr)
    print(f"authlib: {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
