"""Letters and pouches as forms: who wrote a letter, and what a pouch says against itself."""

import msgspec
import pytest

from good_offices.encoding import pack
from good_offices.errors import GoodOfficesError, RemoteError
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.cosignature import DeskCosigner, desk_name
from good_offices.register.genesis import Genesis
from good_offices.register.host import HostSigner
from good_offices.register.leaf import Kind, Leaf
from good_offices.register.peaks import peaks_of
from good_offices.register.tree import Tree
from good_offices.transport.pages import Kept, Page, Posted, Receipt
from good_offices.transport.pouch import (
    MAX_WRITTEN,
    Held,
    Item,
    Letter,
    Part,
    Pouch,
    Receipted,
    check_part,
    read_letter,
    read_pouch,
    seal_letter,
    verify_enrolment,
    verify_letter,
)
from good_offices.transport.signing import posting_secret

DESK, DELEGATION, REGISTER = "d0" * 16, "de" * 16, "ab" * 16
ENROLMENT = bytes(range(32))
POSTING = posting_secret(ENROLMENT, DESK)
LETTER = Letter(
    desk=DESK,
    delegation=DELEGATION,
    registers=[Held(register=REGISTER, have=3)],
    items=[Item(place=4, register=REGISTER, entries=[Posted(kind=4, body=b"sealed")])],
)


def code(call, *args):
    with pytest.raises(GoodOfficesError) as refused:
        call(*args)
    return refused.value.code


def test_a_letter_is_its_desks():
    letter = read_letter(seal_letter(LETTER, POSTING))
    verify_letter(letter, POSTING)
    assert code(verify_letter, letter, posting_secret(ENROLMENT, "d1" * 16)) == "request-not-signed"
    assert code(verify_enrolment, letter, ENROLMENT) == "request-not-signed"


def test_a_letter_enrols_with_the_delegations_key():
    letter = read_letter(seal_letter(LETTER, POSTING, ENROLMENT))
    assert verify_enrolment(letter, ENROLMENT) == POSTING
    verify_letter(letter, POSTING)
    assert code(verify_enrolment, letter, bytes(32)) == "request-not-signed"
    swapped = msgspec.structs.replace(letter, enrolment=letter.mac, mac=letter.enrolment)
    assert code(verify_enrolment, swapped, ENROLMENT) == "request-not-signed"
    assert code(verify_letter, swapped, POSTING) == "request-not-signed"


def test_neither_mac_passes_for_the_other_under_one_key():
    letter = read_letter(seal_letter(LETTER, ENROLMENT, ENROLMENT))
    crossed = msgspec.structs.replace(letter, enrolment=None, mac=letter.enrolment)
    assert code(verify_letter, crossed, ENROLMENT) == "request-not-signed"


@pytest.mark.parametrize(
    "change",
    [
        {"desk": "d1" * 16},
        {"delegation": "df" * 16},
        {"registers": [Held(register=REGISTER, have=2)]},
        {"registers": [Held(register=REGISTER, have=3, cosigned=b"note")]},
        {"items": []},
        {"items": [Item(place=5, register=REGISTER, entries=[Posted(kind=4, body=b"sealed")])]},
        {"items": [Item(place=4, register=REGISTER, entries=[Posted(kind=3, body=b"sealed")])]},
        {"enrolment": bytes(32)},
    ],
)
def test_every_field_of_a_letter_is_under_its_mac(change):
    letter = read_letter(seal_letter(LETTER, POSTING))
    assert code(verify_letter, msgspec.structs.replace(letter, **change), POSTING) == "request-not-signed"


@pytest.mark.parametrize(
    "change",
    [
        {"registers": []},
        {"registers": [Held(register=REGISTER, have=1), Held(register=REGISTER, have=1)]},
        {"registers": [Held(register=REGISTER, have=-1)]},
        {"items": [*LETTER.items, *LETTER.items]},
        {"items": [Item(place=-1, register=REGISTER, entries=[Posted(kind=4, body=b"")])]},
        {"items": [Item(place=1, register="00" * 16, entries=[Posted(kind=4, body=b"")])]},
        {"items": [Item(place=1, register=REGISTER, entries=[])]},
        {"items": [Item(place=1, register=REGISTER, entries=[Posted(kind=4, body=b"")] * 257)]},
        {
            "items": [
                Item(place=place, register=REGISTER, entries=[Posted(kind=4, body=b"")])
                for place in range(MAX_WRITTEN + 1)
            ]
        },
    ],
)
def test_a_letter_out_of_form_is_refused(change):
    assert code(read_letter, pack(msgspec.structs.replace(LETTER, **change))) == "request-malformed"


# Pouches

SIGNER = HostSigner(bytes([1]) * 32, bytes([2]) * 32, f"river.example/t/{REGISTER}")
GENESIS = Genesis.of(SIGNER.keys, REGISTER, [DELEGATION, "df" * 16])
BODIES = [GENESIS.body(), *(bytes([number]) * 40 for number in range(12))]
RECORDS = [Leaf.of(Kind.ENVELOPE if number else Kind.GENESIS, 5, body) for number, body in enumerate(BODIES)]
TREE = Tree.from_leaves(b"".join(leaf.hash for leaf in RECORDS))


def note(size, root=None):
    return SIGNER.sign(Checkpoint(SIGNER.origin, size, root or TREE.root(size)), 9)


def part(start=0, end=13, size=13, **changes):
    made = Part(
        register=REGISTER,
        genesis=BODIES[0],
        founding=Receipt(index=0, leaf=RECORDS[0].to_bytes(), proof=TREE.inclusion_proof(0, size)),
        before=peaks_of(TREE, start),
        page=Page(
            start=start,
            entries=[Kept(leaf=RECORDS[at].to_bytes(), body=BODIES[at]) for at in range(start, end)],
            checkpoint=note(size),
        ),
        consistency=TREE.consistency_proof(end, size) if 0 < end < size else [],
        receipts=[
            Receipted(
                place=1,
                receipts=[Receipt(index=2, leaf=RECORDS[2].to_bytes(), proof=TREE.inclusion_proof(2, size))],
            )
        ],
        cosigned=[],
    )
    return msgspec.structs.replace(made, **changes)


def bare(at):
    return Kept(leaf=RECORDS[at].to_bytes(), body=BODIES[at])


def test_a_part_holds_wherever_it_begins_and_ends():
    for start in range(14):
        for end in range(start, 14):
            assert check_part(part(start, end)).size == 13


def test_a_destroyed_body_is_no_fault():
    entries = [bare(0), Kept(leaf=RECORDS[1].to_bytes(), body=None)]
    assert check_part(part(0, 2, 13, page=Page(start=0, entries=entries, checkpoint=note(13)))).size == 13


def page(start=0, end=13, size=13, **changes):
    return msgspec.structs.replace(part(start, end, size).page, **changes)


OTHER = HostSigner(bytes([3]) * 32, bytes([4]) * 32, SIGNER.origin)
WRONG = {
    "another register": (part(register="cd" * 16), "pouch-broken"),
    "another genesis": (
        part(genesis=Genesis.of(SIGNER.keys, REGISTER, [DELEGATION, "dd" * 16]).body()),
        "body-mismatch",
    ),
    "a genesis that stands elsewhere": (
        part(founding=Receipt(index=1, leaf=RECORDS[0].to_bytes(), proof=TREE.inclusion_proof(0))),
        "pouch-broken",
    ),
    "a genesis without its place": (
        part(founding=Receipt(index=0, leaf=RECORDS[0].to_bytes(), proof=TREE.inclusion_proof(1))),
        "inclusion-invalid",
    ),
    "another host": (
        part(page=page(checkpoint=OTHER.sign(Checkpoint(OTHER.origin, 13, TREE.root()), 9))),
        "signature-lines",
    ),
    "another body": (
        part(
            page=page(
                entries=[bare(0), Kept(leaf=RECORDS[1].to_bytes(), body=b"other"), *map(bare, range(2, 13))]
            )
        ),
        "body-mismatch",
    ),
    "entries exchanged": (
        part(page=page(entries=[bare(0), bare(2), bare(1), *map(bare, range(3, 13))])),
        "register-broken",
    ),
    "an entry left out": (part(page=page(entries=[*map(bare, range(12))])), "consistency-invalid"),
    "an entry too many": (part(page=page(entries=[*map(bare, range(13)), bare(1)])), "pouch-broken"),
    "peaks left out": (part(5, before=[]), "peaks-invalid"),
    "peaks exchanged": (part(5, before=peaks_of(TREE, 5)[::-1]), "register-broken"),
    "a proof too many": (part(consistency=[bytes(32)]), "pouch-broken"),
    "another proof": (part(2, 5, consistency=[bytes(32)] * 4), "consistency-invalid"),
    "another root": (part(page=page(checkpoint=note(13, bytes(32)))), "inclusion-invalid"),
    "a receipt for another place": (
        part(
            receipts=[
                Receipted(
                    place=1,
                    receipts=[Receipt(index=3, leaf=RECORDS[2].to_bytes(), proof=TREE.inclusion_proof(2))],
                )
            ]
        ),
        "inclusion-invalid",
    ),
    "entries of a venue that is behind": (
        part(6, 8, 5, consistency=[], receipts=[]),
        "pouch-broken",
    ),
    "a cosignature of another register": (
        part(
            cosigned=[
                DeskCosigner(bytes(32), desk_name(DESK)).sign(Checkpoint("x/t/" + REGISTER, 3, bytes(32)), 1)
            ]
        ),
        "pouch-broken",
    ),
    "a cosignature of another history": (
        part(
            cosigned=[
                DeskCosigner(bytes(32), desk_name(DESK)).sign(Checkpoint(SIGNER.origin, 13, bytes(32)), 1)
            ]
        ),
        "pouch-broken",
    ),
    "a cosignature of what is to come": (
        part(
            cosigned=[
                DeskCosigner(bytes(32), desk_name(DESK)).sign(Checkpoint(SIGNER.origin, 14, bytes(32)), 1)
            ]
        ),
        "pouch-broken",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_part_that_contradicts_itself_is_refused(what):
    wrong, expected = WRONG[what]
    assert code(check_part, wrong) == expected


def test_a_venue_that_is_behind_says_so_with_its_checkpoint_alone():
    behind = part(6, 6, 5, before=[], consistency=[], receipts=[])
    assert check_part(behind).size == 5


def test_every_byte_of_a_pouch_is_checked_or_names_its_desk():
    data = pack(Pouch(desk=DESK, delegation=DELEGATION, parts=[part(5, 9)]))
    whole = read_pouch(data)
    for at in range(len(data)):
        altered = bytearray(data)
        altered[at] ^= 1
        try:
            found = read_pouch(bytes(altered))
        except RemoteError:
            continue
        # What is left are the names that the desk compares, and the place in its own outbox.
        assert found.parts[0].page == whole.parts[0].page
        place = found.parts[0].receipts[0].place != whole.parts[0].receipts[0].place
        assert place or (found.desk, found.delegation) != (whole.desk, whole.delegation)


@pytest.mark.parametrize("parts", [[], [part(), part()]])
def test_a_pouch_has_each_register_once(parts):
    assert code(read_pouch, pack(Pouch(desk=DESK, delegation=DELEGATION, parts=parts))) == "pouch-broken"
