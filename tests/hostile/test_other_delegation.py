"""The other delegation, with its own valid keys and software of its own: what it posts cannot stop or divide the desks."""

import pytest
from tests.support.house import House

from good_offices.encoding import encode, pack
from good_offices.errors import CATALOGUE
from good_offices.register.leaf import Kind
from good_offices.seals.envelope import seal
from good_offices.talks.acts import Act, Seen, SignedAct, sign_act
from good_offices.talks.events_plenary import StatementMade

# One house for all: after each attempt the talks must go on, so the next attempt meets them running.
pytestmark = pytest.mark.xdist_group("other-delegation")


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with House(tmp_path_factory.mktemp("house")) as opened:
        yield opened


def written(desk, **changes):
    """Return an act as the desk would write it now, with changes that its own software would not make."""
    standing = desk.standing("plenary")
    chain = desk._chain("plenary")
    fields = {
        "talks": standing.talks,
        "room": standing.room,
        "author": standing.author,
        "manifest": standing.manifest,
        "sequence": chain.sequence,
        "previous": chain.previous,
        "seen": standing.seen,
        "state": standing.state,
        "time": chain.time + 1,
        "event": StatementMade(text="Words.", language="en"),
    }
    return Act(**{**fields, **changes})


def posted(house, content):
    """Post content sealed to the plenary's epoch; return both desks' verdicts on it."""
    villain, other = house.desks
    secret = villain.epochs.secret(villain.standing("plenary").manifest)
    villain.client.append(villain.identity.place.common, [(int(Kind.ENVELOPE), seal(content, secret))])
    return [desk.receive()[-1] for desk in (villain, other)]


def assert_void_and_over(house, verdicts):
    """Both sides say the same of it, hold the same state, and the talks go on."""
    assert verdicts[0] == verdicts[1]
    assert verdicts[0].status == "void"
    villain, other = house.desks
    for desk in house.desks:
        assert len(list(desk.common.lines())) == desk.common.ledger.size
    assert verdicts[0].code in CATALOGUE
    assert CATALOGUE[verdicts[0].code].message.format(**verdicts[0].facts)
    room = other.rooms["plenary"]
    size = other.common.ledger.size
    assert villain.talks.state_hash(room, size) == other.talks.state_hash(room, size)
    done = other.act("plenary", StatementMade(text="We go on.", language="en"))
    assert done.verdict.status == "valid"
    villain.sync()
    assert villain.common.verdicts[done.act] == done.verdict


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff" * 40,
        encode({"form": "good-offices/non-paper/1"}),
        encode({"form": "good-offices/signed-act/1"}),
    ],
    ids=["nothing", "noise", "a later form", "an empty act"],
)
def test_what_is_no_act_is_void_everywhere(house, content):
    assert_void_and_over(house, posted(house, content))


def test_an_act_inside_that_is_no_act(house):
    inner = pack(SignedAct(act=encode({"form": "good-offices/act/9"}), signature=bytes(3373)))
    assert_void_and_over(house, posted(house, inner))


def test_an_act_in_the_name_of_the_other_side(house):
    villain, other = house.desks
    act = written(villain, author=other.certificate, sequence=0, previous=bytes(32))
    assert_void_and_over(house, posted(house, pack(sign_act(act, villain.signer))))


def test_a_signature_that_does_not_fit(house):
    villain, _ = house.desks
    signed = sign_act(written(villain), villain.signer)
    broken = SignedAct(act=signed.act, signature=signed.signature[:-1] + bytes([signed.signature[-1] ^ 1]))
    assert_void_and_over(house, posted(house, pack(broken)))


def test_half_of_a_signature_is_none(house):
    villain, _ = house.desks
    signed = sign_act(written(villain), villain.signer)
    half = SignedAct(act=signed.act, signature=signed.signature[:64] + bytes(len(signed.signature) - 64))
    assert_void_and_over(house, posted(house, pack(half)))


def test_another_epoch_than_the_one_it_is_sealed_to(house):
    villain, _ = house.desks
    signed = sign_act(written(villain, manifest=bytes(32)), villain.signer)
    assert_void_and_over(house, posted(house, pack(signed)))


def test_a_sequence_number_used_twice(house):
    villain, other = house.desks
    first = villain.act("plenary", StatementMade(text="One.", language="en"))
    other.receive()
    again = written(villain, sequence=villain._chain("plenary").sequence - 1)
    assert first.verdict.status == "valid"
    assert_void_and_over(house, posted(house, pack(sign_act(again, villain.signer))))


def test_a_view_that_the_host_never_signed(house):
    """It accuses the host of a second history without the host's word for it: void, and nobody stops."""
    villain, other = house.desks
    seen = Seen(size=villain.common.ledger.size, root=b"\x07" * 32, signature=bytes(64))
    verdicts = posted(house, pack(sign_act(written(villain, seen=seen), villain.signer)))
    assert_void_and_over(house, verdicts)
    assert not (other.storage.folder / "evidence").exists()


def test_a_view_of_what_is_not_there_yet(house):
    villain, _ = house.desks
    seen = Seen(size=10_000, root=b"\x07" * 32, signature=bytes(64))
    assert_void_and_over(house, posted(house, pack(sign_act(written(villain, seen=seen), villain.signer))))


def test_a_time_before_the_last(house):
    villain, other = house.desks
    villain.act("plenary", StatementMade(text="One.", language="en"))
    other.receive()
    assert_void_and_over(house, posted(house, pack(sign_act(written(villain, time=1), villain.signer))))


def test_wraps_that_are_no_wraps(house):
    villain, other = house.desks
    for body in (b"", b"no wraps", encode({"form": "good-offices/wraps/1"})):
        villain.client.append(villain.identity.place.common, [(int(Kind.WRAPS), body)])
    verdicts = [desk.receive()[-3:] for desk in (villain, other)]
    assert verdicts[0] == verdicts[1]
    assert len(verdicts[0]) == 3
    done = other.act("plenary", StatementMade(text="We go on.", language="en"))
    assert done.verdict.status == "valid"


def test_an_envelope_that_is_none(house):
    villain, other = house.desks
    for body in (b"\x01", b"\x02" * 2000, b"\x01" * 2000):
        villain.client.append(villain.identity.place.common, [(int(Kind.ENVELOPE), body)])
    verdicts = [desk.receive()[-3:] for desk in (villain, other)]
    assert verdicts[0] == verdicts[1]
    assert "valid" not in {one.status for one in verdicts[0]}
    done = other.act("plenary", StatementMade(text="We go on.", language="en"))
    assert done.verdict.status == "valid"


def test_an_introduction_that_is_none(house):
    villain, other = house.desks
    for body in (b"\x00", b"\x00" * 80, encode({"form": "good-offices/introduction/1"})):
        villain.client.append(villain.identity.place.common, [(int(Kind.INTRODUCTION), body)])
    verdicts = [desk.receive()[-3:] for desk in (villain, other)]
    assert verdicts[0] == verdicts[1]
    assert {one.status for one in verdicts[1]} == {"void"}
    done = other.act("plenary", StatementMade(text="We go on.", language="en"))
    assert done.verdict.status == "valid"
