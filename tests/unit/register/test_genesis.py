"""Genesis: what is made, and refusals that vectors do not reach."""

import hashlib

import pytest

from good_offices.encoding import encode
from good_offices.errors import LocalError, RemoteError
from good_offices.register.genesis import MAX_GENESIS, Caucus, Genesis, talks_id

REGISTER, CAUCUS = "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "00112233445566778899aabbccddeeff"
US, THEM, THIRD = "a0" * 16, "b1" * 16, "c2" * 16


@pytest.fixture
def common(host):
    return Genesis.of(host.keys, REGISTER, (THEM, US))


def caucus_of(host, talks, delegations=(US, THEM), register=CAUCUS):
    keys = host.named(f"venue.example/t/{register}").keys
    return Genesis.of(keys, register, delegations, Caucus(talks=talks, delegation=US))


def refused(code, call):
    with pytest.raises(RemoteError) as error:
        call()
    assert error.value.code == code


def test_common(host, common):
    body = common.body()
    assert common.delegations == [US, THEM]
    assert Genesis.parse(body) == common
    assert common.keys == host.keys
    assert talks_id(body) == hashlib.sha256(body).digest()


def test_caucus(host, common):
    caucus_of(host, talks_id(common.body())).check_caucus(common.body())


def test_a_caucus_of_something_else(host, stranger, common):
    body, talks = common.body(), talks_id(common.body())
    refused("genesis-invalid", lambda: caucus_of(host, bytes(32)).check_caucus(body))
    refused("genesis-invalid", lambda: caucus_of(stranger, talks).check_caucus(body))
    refused("genesis-invalid", lambda: caucus_of(host, talks, (US, THIRD)).check_caucus(body))
    refused("genesis-invalid", lambda: caucus_of(host, talks, register=REGISTER).check_caucus(body))
    inner = caucus_of(host, talks)
    refused("genesis-invalid", lambda: caucus_of(host, talks_id(inner.body())).check_caucus(inner.body()))
    refused("genesis-invalid", lambda: common.check_caucus(body))
    refused("not-canonical", lambda: inner.check_caucus(b""))


def test_our_own_fault(host):
    for delegations in ((US,), (US, US), (US, "x")):
        with pytest.raises(LocalError):
            Genesis.of(host.keys, REGISTER, delegations)


def test_too_many_delegations(host):
    with pytest.raises(LocalError):
        Genesis.of(host.keys, REGISTER, [f"{at:032x}" for at in range(65)])


def test_not_a_genesis():
    refused("not-canonical", lambda: Genesis.parse(encode([1])))
    refused("not-canonical", lambda: Genesis.parse(encode({"form": 1})))
    refused("unknown-version", lambda: Genesis.parse(encode({"form": "good-offices/genesis/2", "new": 1})))
    refused("too-large", lambda: Genesis.parse(bytes(MAX_GENESIS + 1)))
