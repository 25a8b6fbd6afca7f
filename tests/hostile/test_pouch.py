"""A courier, a host and a stranger who would rather that letters and pouches said something else."""

import httpx
import msgspec
import pytest
from tests.support.house import House

from good_offices.desk.carried import verify_pouch
from good_offices.desk.desk import Desk
from good_offices.desk.pouch import take_pouch, write_letter
from good_offices.encoding import pack, unpack
from good_offices.errors import EquivocationError, GoodOfficesError, LocalError, OperationalError, RemoteError
from good_offices.instrument.anchors import Beside, anchors_of
from good_offices.instrument.evidence import FORMS, verify_any
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.leaf import Kind, Leaf
from good_offices.register.tree import Tree
from good_offices.transport.pages import Kept, Posted, Problem
from good_offices.transport.pouch import POUCH, Held, Item, Letter, Pouch, read_letter, seal_letter
from good_offices.venue import courier
from good_offices.venue.offer import offer

TABLE = {**FORMS, POUCH: verify_pouch}


@pytest.fixture
def house(tmp_path):
    with House(tmp_path, ready=False, sync=False) as house:
        house.desks[0].sync()
        yield house


@pytest.fixture(scope="module")
def still(tmp_path_factory):
    """A house for what changes nothing in it."""
    with House(tmp_path_factory.mktemp("still"), ready=False, sync=False) as house:
        house.desks[0].sync()
        yield house


def post(house, letter):
    return httpx.post(f"{house.venue.url}/v1/pouch", content=letter, trust_env=False)


def carried(house, desk):
    """Return the pouch for a letter that the desk writes now."""
    answer = post(house, write_letter(desk))
    assert answer.status_code == 200, answer.content
    return answer.content


def sealed(desk: Desk, **changes):
    """Return a letter of this desk with something else in it, under its own keys."""
    identity = desk.identity
    letter = Letter(
        desk=identity.statement.desk,
        delegation=identity.place.delegation,
        registers=[
            Held(register=one, have=0) for one in sorted((identity.place.common, identity.place.caucus))
        ],
        items=[],
    )
    return seal_letter(msgspec.structs.replace(letter, **changes), identity.posting, identity.enrolment)


def problem(answer):
    return unpack(answer.content, Problem).code


def state(desk):
    return (
        desk.common.ledger.size,
        desk.caucus.ledger.size,
        desk.common.ledger.note,
        desk.storage.outbox(),
        desk.storage.names("receipt/"),
    )


def refused(desk, data, error=GoodOfficesError):
    """Return the code with which a desk refuses a pouch, after seeing that nothing has changed."""
    before = state(desk)
    with pytest.raises(error) as refusal:
        take_pouch(desk, data)
    assert state(desk) == before
    return refusal.value.code


def size(house):
    near = house.desks[0]
    near.sync()
    return near.common.ledger.size


# Letters


def test_an_altered_letter_is_no_letter(still):
    far = still.desks[1]
    before = size(still)
    letter = write_letter(far)
    for at in range(0, len(letter), 997):
        altered = bytearray(letter)
        altered[at] ^= 1
        answer = post(still, bytes(altered))
        assert answer.status_code in (400, 401), at
    assert post(still, letter[:-1]).status_code == 400
    assert post(still, b"").status_code == 400
    assert size(still) == before
    # Nor was the desk enrolled by any of them.
    answer = post(still, seal_letter(read_letter(letter), far.identity.posting))
    assert (answer.status_code, problem(answer)) == (401, "request-not-signed")


def test_nobody_writes_letters_for_others(still):
    near, far = still.desks
    identity = near.identity
    letter = Letter(
        desk=far.identity.statement.desk,
        delegation=far.identity.place.delegation,
        registers=[Held(register=identity.place.common, have=0)],
        items=[],
    )
    answer = post(still, seal_letter(letter, identity.posting, identity.enrolment))
    assert (answer.status_code, problem(answer)) == (401, "request-not-signed")
    # A desk that the venue knows, named as another delegation's.
    answer = post(still, sealed(near, delegation=far.identity.place.delegation))
    assert problem(answer) == "request-not-signed"


def test_a_letter_asks_for_no_other_caucus(still):
    near, far = still.desks
    answer = post(still, sealed(far, registers=[Held(register=near.identity.place.caucus, have=0)]))
    assert (answer.status_code, problem(answer)) == (404, "no-such-register")


@pytest.mark.parametrize(
    ("kind", "code"),
    [(1, "kind-not-allowed"), (6, "kind-not-allowed"), (8, "kind-reserved"), (99, "kind-not-allowed")],
)
def test_a_letter_appends_nothing_that_a_request_could_not(still, kind, code):
    far = still.desks[1]
    before = size(still)
    item = Item(place=1, register=far.identity.place.common, entries=[Posted(kind=kind, body=b"x")])
    answer = post(still, sealed(far, items=[item]))
    assert (answer.status_code, problem(answer)) == (422, code)
    assert size(still) == before


def test_a_letter_handed_in_again_changes_nothing_and_is_answered(house):
    far = house.desks[1]
    letter = write_letter(far)
    assert post(house, letter).status_code == 200
    before = size(house)
    again = post(house, letter)
    assert again.status_code == 200
    assert size(house) == before
    take_pouch(far, again.content)
    assert far.common.ledger.size == before
    assert not [one for one in far.outgoing() if one.kinds == [int(Kind.INTRODUCTION)]]


def test_a_desk_that_was_removed_writes_in_vain(house):
    near = house.desks[0]
    client = near.delegation_client()
    client.dismiss(near.identity.statement.desk)
    client.close()
    answer = post(house, sealed(near))
    assert (answer.status_code, problem(answer)) == (401, "request-not-signed")


def test_only_a_few_letters_are_read_at_a_time(still, monkeypatch):
    monkeypatch.setattr(courier, "LETTERS", 0)
    answer = post(still, write_letter(still.desks[1]))
    assert (answer.status_code, problem(answer)) == (503, "venue-busy")


# Pouches


def test_an_altered_pouch_is_refused(house):
    far = house.desks[1]
    # Without cosignatures: whose they are is checked when an outcome needs them.
    pouch = unpack(carried(house, far), Pouch)
    parts = [msgspec.structs.replace(part, cosigned=[]) for part in pouch.parts]
    data = pack(msgspec.structs.replace(pouch, parts=parts))
    places = {at + 6 for at in range(len(data)) if data[at : at + 6] == b"eplace"}
    for at in range(0, len(data), 211):
        altered = bytearray(data)
        altered[at] ^= 1
        if at not in places:
            refused(far, bytes(altered), RemoteError)
    take_pouch(far, data)
    assert take_pouch(far, data) == []


def test_a_pouch_of_other_talks_is_foreign(house, tmp_path):
    far = house.desks[1]
    offered = offer(house.venue.folder, parties=2, out=tmp_path / "others", url=house.venue.url)
    other = Desk.create(
        tmp_path / "other",
        "passphrase",
        offered.files[0].read_bytes(),
        delegation="X",
        member="Y",
        capacity="Z",
    )
    try:
        data = carried(house, other)
        assert refused(far, data) == "pouch-foreign"
        own = unpack(carried(house, far), Pouch)
        mixed = [own.parts[0], unpack(data, Pouch).parts[0]]
        mixed.sort(key=lambda part: part.register)
        assert refused(far, pack(msgspec.structs.replace(own, parts=mixed))) == "pouch-foreign"
        finding = verify_any(pack(msgspec.structs.replace(own, parts=mixed)), forms=TABLE)
        assert (finding.valid, finding.failed.code) == (False, "pouch-broken")
    finally:
        other.close()


def test_a_pouch_of_another_desk_is_foreign(house):
    near, far = house.desks
    assert refused(far, carried(house, near)) == "pouch-foreign"
    common = [Held(register=near.identity.place.common, have=0)]
    assert refused(far, post(house, sealed(near, registers=common)).content) == "pouch-foreign"


def test_a_pouch_with_a_gap_before_it_is_refused(house):
    far = house.desks[1]
    letter = write_letter(far)
    post(house, letter)
    place = far.identity.place
    later = [
        Held(register=one, have=have) for one, have in sorted({place.common: 2, place.caucus: 0}.items())
    ]
    assert refused(far, post(house, sealed(far, registers=later)).content) == "answer-out-of-place"
    take_pouch(far, post(house, letter).content)
    assert far.common.ledger.size == size(house)


def test_an_older_pouch_after_a_newer_brings_nothing_and_breaks_nothing(house):
    near, far = house.desks
    older = carried(house, far)
    join_numbered(near)
    newer = carried(house, far)
    join_numbered(near)
    newest = carried(house, far)
    take_pouch(far, newest)
    before = state(far)[:3]
    assert take_pouch(far, older) == []
    assert take_pouch(far, newer) == []
    assert state(far)[:3] == before


def test_a_receipt_at_another_place_is_refused(house):
    far = house.desks[1]
    pouch = unpack(carried(house, far), Pouch)
    (place, _), *_ = far.storage.outbox()

    def moved(part):
        receipts = [
            msgspec.structs.replace(one, receipts=[part.founding for _ in one.receipts], place=place)
            for one in part.receipts
        ]
        return msgspec.structs.replace(part, receipts=receipts)

    data = pack(msgspec.structs.replace(pouch, parts=[moved(part) for part in pouch.parts]))
    assert verify_any(data, forms=TABLE).valid
    assert refused(far, data, RemoteError) == "body-mismatch"


def test_a_venue_that_lost_entries_says_so_and_takes_nothing(house):
    far = house.desks[1]
    take_pouch(far, carried(house, far))
    before = size(house)
    place = far.identity.place
    ahead = [Held(register=one, have=99) for one in sorted((place.common, place.caucus))]
    item = Item(place=1, register=place.common, entries=[Posted(kind=4, body=b"behind")])
    answer = post(house, sealed(far, registers=ahead, items=[item]))
    assert answer.status_code == 200
    assert size(house) == before
    assert refused(far, answer.content, OperationalError) == "venue-behind"


def test_a_long_absence_takes_several_pouches(house, monkeypatch):
    near, far = house.desks
    limits = house.venue.folder.settings.limits
    monkeypatch.setattr(courier, "MAX_BODIES", limits.body_bytes + 1)
    for _ in range(3):
        join_numbered(near)
    whole = size(house) + 1  # far's own introduction
    sizes = []
    for _ in range(2 * whole):
        take_pouch(far, carried(house, far))
        sizes.append(far.common.ledger.size)
        if far.common.ledger.size == whole and far.caucus.ledger.size:
            break
    assert sizes[-1] == whole
    assert len(set(sizes)) > 3


def join_numbered(near):
    """Append one more entry to the common register."""
    near.common.ledger.append([(int(Kind.ENVELOPE), b"entry %d" % near.common.ledger.size)])
    near.sync()


def test_a_host_that_signs_another_history_is_convicted_by_its_pouch(house):
    far = house.desks[1]
    data = carried(house, far)
    take_pouch(far, data)
    pouch = unpack(data, Pouch)
    common = far.identity.place.common

    def forged(part):
        if part.register != common:
            return part
        body = b"what nobody wrote"
        last = Kept(leaf=Leaf.of(Kind.ENVELOPE, 1, body).to_bytes(), body=body)
        entries = [*part.page.entries[:-1], last]
        tree = Tree.from_leaves(b"".join(Leaf.from_bytes(one.leaf).hash for one in entries))
        signer = house.venue.folder.signer().named(house.venue.folder.origin(common))
        note = signer.sign(Checkpoint(signer.origin, tree.size, tree.root()), 1)
        page = msgspec.structs.replace(part.page, entries=entries, checkpoint=note)
        founding = msgspec.structs.replace(part.founding, proof=tree.inclusion_proof(0))
        return msgspec.structs.replace(part, page=page, founding=founding, receipts=[], cosigned=[])

    lie = pack(msgspec.structs.replace(pouch, parts=[forged(part) for part in pouch.parts]))
    assert verify_any(lie, forms=TABLE).valid  # by itself it holds: only a second view convicts
    with pytest.raises(EquivocationError):
        take_pouch(far, lie)
    (evidence,) = (far.storage.folder / "evidence").iterdir()
    genesis = far.common.ledger.genesis_body
    assert verify_any(evidence.read_bytes(), Beside(genesis=genesis), forms=TABLE).valid
    for blocked in (lambda: write_letter(far), lambda: take_pouch(far, data)):
        with pytest.raises(LocalError) as stopped:
            blocked()
        assert stopped.value.code == "desk-stopped"


def test_verify_says_what_a_pouch_proves(house):
    far = house.desks[1]
    data = carried(house, far)
    finding = verify_any(data, forms=TABLE)
    assert finding.valid
    assert finding.trust == "unestablished"
    assert finding.talks == far.identity.place.talks.hex()
    host = far.common.ledger.keys.fingerprint
    trusted = verify_any(data, Beside(anchors=anchors_of([host])), forms=TABLE)
    assert (trusted.valid, trusted.trust) == (True, "established")
    other = verify_any(data, Beside(anchors=anchors_of(["0" * 64])), forms=TABLE)
    assert (other.valid, other.failed.code) == (False, "root-differs")
    damaged = verify_any(data[:-1], forms=TABLE)
    assert not damaged.valid
