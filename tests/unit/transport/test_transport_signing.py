"""The signed request: one serialisation, and an oracle that is not ours reads and writes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone

import pytest
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)
from hypothesis import given
from hypothesis import strategies as st

from good_offices.errors import RemoteError
from good_offices.transport import signing

SECRET = bytes(range(32))
DESK = "0f" * 16
NOW = 1_795_000_000
REQUEST = {"method": "POST", "path": f"/v1/r/{DESK}/entries", "query": "from=1&limit=2"}


def signed(body: bytes = b"body", **changes: object) -> dict[str, str]:
    parts = {**REQUEST, "keyid": DESK, "body": body, "created": NOW, "nonce": "ab" * 16, **changes}
    return signing.sign(SECRET, **parts)


def check(headers: dict[str, str], secret: bytes = SECRET, **changes: str) -> signing.Claim:
    claim = signing.claim(headers["Signature-Input"], headers["Signature"])
    signing.verify(claim, secret, **{**REQUEST, "digest": headers["Content-Digest"], **changes})
    return claim


@dataclass
class Message:
    """What the oracle takes for a request."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class Keys(HTTPSignatureKeyResolver):
    def resolve_private_key(self, key_id: str) -> bytes:
        return SECRET

    def resolve_public_key(self, key_id: str) -> bytes:
        return SECRET


def message(headers: dict[str, str] | None = None) -> Message:
    url = f"https://venue.example{REQUEST['path']}?{REQUEST['query']}"
    return Message("POST", url, dict(headers or {}), b"body")


def test_the_oracle_verifies_ours() -> None:
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.HMAC_SHA256, key_resolver=Keys())
    headers = signed(created=int(datetime.now(tz=timezone.utc).timestamp()))  # noqa: UP017
    (result,) = verifier.verify(message(headers), expect_tag="good-offices")
    assert result.label == "good-offices"
    assert list(result.covered_components) == [
        '"@method"',
        '"@path"',
        '"@query"',
        '"content-digest"',
        '"@signature-params"',
    ]


def test_the_oracle_states_the_same_but_in_another_order() -> None:
    signer = HTTPMessageSigner(signature_algorithm=algorithms.HMAC_SHA256, key_resolver=Keys())
    one = message({"Content-Digest": signing.content_digest(b"body")})
    signer.sign(
        one,
        key_id=DESK,
        created=datetime.fromtimestamp(NOW, tz=timezone.utc),  # noqa: UP017
        nonce="ab" * 16,
        label="good-offices",
        include_alg=True,
        tag="good-offices",
        covered_component_ids=("@method", "@path", "@query", "content-digest"),
        use_existing_digest=True,
    )
    ours = signed()
    theirs = one.headers["Signature-Input"]
    # The oracle orders the parameters in its own way; the profile knows one order only.
    assert sorted(theirs.split(";")) == sorted(ours["Signature-Input"].split(";"))
    with pytest.raises(RemoteError, match="not signed"):
        signing.claim(theirs, one.headers["Signature"])


def test_hkdf_is_that_of_the_library() -> None:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    info = b"good-offices/v1/posting" + bytes.fromhex(DESK)
    expected = HKDF(SHA256(), 32, salt=None, info=info).derive(SECRET)
    assert signing.posting_secret(SECRET, DESK) == expected


def test_a_signed_request_is_verified() -> None:
    claim = check(signed())
    assert (claim.keyid, claim.created, claim.nonce) == (DESK, NOW, "ab" * 16)
    signing.check_digest(signed()["Content-Digest"], b"body")


@pytest.mark.parametrize(
    "changes",
    [{"method": "GET"}, {"path": "/v1/r/other"}, {"query": ""}, {"digest": signing.content_digest(b"x")}],
)
def test_every_covered_part_counts(changes: dict[str, str]) -> None:
    with pytest.raises(RemoteError) as caught:
        check(signed(), **changes)
    assert caught.value.code == "request-not-signed"


def test_another_secret_does_not_verify() -> None:
    with pytest.raises(RemoteError, match="not signed"):
        check(signed(), secret=bytes(32))


@given(
    at=st.integers(0, 400), byte=st.integers(0, 255), which=st.sampled_from(["Signature-Input", "Signature"])
)
def test_one_changed_byte_is_refused(at: int, byte: int, which: str) -> None:
    headers = signed()
    value = headers[which].encode("latin-1")
    at %= len(value)
    changed = (value[:at] + bytes([byte]) + value[at + 1 :]).decode("latin-1")
    if changed == headers[which]:
        check(headers)
        return
    with pytest.raises(RemoteError) as caught:
        check({**headers, which: changed})
    assert caught.value.code == "request-not-signed"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("good-offices=", "sig1=", 1),
        lambda text: text.replace(";created", "; created"),
        lambda text: text + ";expires=1",
        lambda text: text.replace(';alg="hmac-sha256"', ""),
        lambda text: text.replace('"@query" ', ""),
        lambda text: text + ", " + text,
        lambda text: " " + text,
        lambda text: text.replace(f"created={NOW}", f"created=0{NOW}"),
        lambda text: text.replace("ab" * 16, "AB" * 16),
        lambda text: text.replace("ab" * 16, "ab" * 15),
        lambda text: text + "\n",
        lambda _: "",
    ],
)
def test_another_serialisation_is_refused(change: object) -> None:
    headers = signed()
    with pytest.raises(RemoteError, match="not signed"):
        check({**headers, "Signature-Input": change(headers["Signature-Input"])})


@pytest.mark.parametrize("path", ["/v1/%2e", "/v1/ü", "v1", "/v1/a b", '/v1/"', "/v1/a\nb"])
def test_a_path_that_a_proxy_could_change_cannot_be_signed(path: str) -> None:
    with pytest.raises(RemoteError):
        signed(path=path)


@pytest.mark.parametrize("query", ["a=%20", "a=1\nb", "a b", "x" * 201])
def test_a_query_that_a_proxy_could_change_cannot_be_signed(query: str) -> None:
    with pytest.raises(RemoteError):
        signed(query=query)


def test_the_digest_is_of_the_body() -> None:
    assert signing.content_digest(b"") == "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"
    for wrong in (signing.content_digest(b"other"), "", signing.content_digest(b"body") + ", md5=:x:"):
        with pytest.raises(RemoteError) as caught:
            signing.check_digest(wrong, b"body")
        assert caught.value.code == "digest-differs"


@pytest.mark.parametrize(
    ("apart", "holds"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)]
)
def test_the_clock(apart: int, *, holds: bool) -> None:
    claim = check(signed())
    if holds:
        signing.check_created(claim, NOW + apart)
        return
    with pytest.raises(RemoteError) as caught:
        signing.check_created(claim, NOW + apart)
    assert caught.value.code == "clock-apart"
    assert caught.value.facts["time"] == NOW + apart
