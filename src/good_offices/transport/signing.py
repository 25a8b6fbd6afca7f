"""Signed requests: one fixed profile of RFC 9421 with RFC 9530 digests.

This module decides who sent a request. It never says anything that a third person could check: the key is shared
by the desk and the venue, so a host cannot show a request as somebody's signature.

1. `hmac-sha256` (RFC 9421 section 3.3.3) over method, path, query and `Content-Digest`, with `created`, `nonce`,
   `keyid`, `alg` and `tag`, in this order, under the label `good-offices`.
2. One request has one serialisation. A header that differs from it by one byte is refused, so no parser of
   structured fields stands between the bytes and the decision.
3. `keyid` is the desk's id, or `delegation:` and the delegation's id where the enrolment key itself signs.
4. A desk's posting secret is derived from the enrolment key, so that the venue keeps no secret for each desk.
5. The authority is not covered: proxies rewrite it, and a register's random id already stands for one venue.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b64encode
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from good_offices.errors import RemoteError

LABEL: Final = "good-offices"
WINDOW: Final = 300
SECRET: Final = 32
DELEGATION: Final = "delegation:"

_COVERED: Final = '("@method" "@path" "@query" "content-digest")'
_TAIL: Final = f';alg="hmac-sha256";tag="{LABEL}"'
_INPUT: Final = re.compile(
    re.escape(f"{LABEL}={_COVERED}")
    + r";created=(0|[1-9][0-9]{0,11})"
    + r';nonce="([0-9a-f]{32})"'
    + r';keyid="((?:delegation:)?[0-9a-f]{32})"'
    + re.escape(_TAIL)
)
# What may stand on a request line here: nothing that a proxy or a parser could normalise.
_TARGET: Final = re.compile(r"[A-Z]{3,7} /[A-Za-z0-9/_-]{0,200}\?[A-Za-z0-9=&_-]{0,200}")


@dataclass(frozen=True, slots=True)
class Claim:
    """Who a request says it is from: not yet verified. `signature` is the header as it was received."""

    keyid: str
    created: int
    nonce: str
    parameters: str
    signature: str


def posting_secret(enrolment: bytes, desk: str) -> bytes:
    """Return the 32-byte posting secret of `desk` (spec/transport.md rule 2.6; HKDF-SHA256, RFC 5869)."""
    extracted = hmac.digest(bytes(32), enrolment, "sha256")
    return hmac.digest(extracted, b"good-offices/v1/posting" + bytes.fromhex(desk) + b"\x01", "sha256")


def content_digest(body: bytes) -> str:
    """Return the `Content-Digest` header of `body` (RFC 9530 section 2, sha-256 alone)."""
    return f"sha-256=:{b64encode(hashlib.sha256(body).digest()).decode()}:"


def sign(
    secret: bytes, *, keyid: str, method: str, path: str, query: str, body: bytes, created: int, nonce: str
) -> dict[str, str]:
    """Return the three headers that sign a request (spec/transport.md section 2).

    `query` has no question mark; `created` is in seconds since 1970; `nonce` is 32 hexadecimal digits, never
    used before with this `keyid`.
    """
    parameters = f'{_COVERED};created={created};nonce="{nonce}";keyid="{keyid}"{_TAIL}'
    digest = content_digest(body)
    return {
        "Content-Digest": digest,
        "Signature-Input": f"{LABEL}={parameters}",
        "Signature": _signature(secret, method, path, query, digest, parameters),
    }


def claim(signature_input: str, signature: str) -> Claim:
    """Return what the two signature headers claim (spec/transport.md rule 2.2).

    Raises:
        RemoteError: `request-not-signed`.
    """
    match = _INPUT.fullmatch(signature_input)
    if match is None:
        raise RemoteError("request-not-signed")
    created, nonce, keyid = match.groups()
    return Claim(keyid, int(created), nonce, signature_input[len(LABEL) + 1 :], signature)


def verify(claimed: Claim, secret: bytes, *, method: str, path: str, query: str, digest: str) -> None:
    """Pass if `claimed` was signed with `secret` over this request; the body is not needed (rule 2.3).

    Raises:
        RemoteError: `request-not-signed`.
    """
    expected = _signature(secret, method, path, query, digest, claimed.parameters)
    if not hmac.compare_digest(expected.encode(), claimed.signature.encode()):
        raise RemoteError("request-not-signed")


def check_created(claimed: Claim, now: int) -> None:
    """Pass if the request was made within `WINDOW` seconds of `now` (spec/transport.md rule 2.5).

    Raises:
        RemoteError: `clock-apart`; its fact `time` is `now`.
    """
    if abs(now - claimed.created) > WINDOW:
        raise RemoteError("clock-apart", minutes=WINDOW // 60, time=now)


def check_digest(digest: str, body: bytes) -> None:
    """Pass if the header `digest` is that of `body` (spec/transport.md rule 2.4).

    Raises:
        RemoteError: `digest-differs`.
    """
    if digest != content_digest(body):
        raise RemoteError("digest-differs")


def _signature(secret: bytes, method: str, path: str, query: str, digest: str, parameters: str) -> str:
    """Return the `Signature` header over the signature base of RFC 9421 section 2.5."""
    if _TARGET.fullmatch(f"{method} {path}?{query}") is None:
        raise RemoteError("request-not-signed")
    base = (
        f'"@method": {method}\n"@path": {path}\n"@query": ?{query}\n'
        f'"content-digest": {digest}\n"@signature-params": {parameters}'
    )
    mac = _keyed(secret).copy()
    mac.update(base.encode())
    return f"{LABEL}=:{b64encode(mac.digest()).decode()}:"


@lru_cache(maxsize=4096)
def _keyed(secret: bytes) -> hmac.HMAC:
    """Return HMAC-SHA256 with the key scheduled: half the work of a short message."""
    return hmac.new(secret, digestmod="sha256")
