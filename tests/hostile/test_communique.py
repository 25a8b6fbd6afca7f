"""Against the communiqué: a host, one delegation alone, a thief, and whoever only has the file. spec/communique.md."""

from __future__ import annotations

import html
import re
import secrets
import urllib.error
import urllib.request

import msgspec
import pytest
from tests.support import releasing
from tests.support.communiques import Releasing, communique, signed_file
from tests.support.house import PASSPHRASE, House
from tests.support.talksmith import Talksmith

from good_offices.clerk import communiques as told
from good_offices.clerk import drafting
from good_offices.desk import communique as desks
from good_offices.desk import people
from good_offices.desk.desk import Desk
from good_offices.encoding import pack, unpack
from good_offices.errors import LocalError, OperationalError, RemoteError
from good_offices.instrument.anchors import anchors_of
from good_offices.instrument.communique import verify_communique
from good_offices.register.communique import MAX_FILE, CommuniqueFile, read_record, verify_file
from good_offices.seals.pairs import ROOT
from good_offices.text.importing import read_draft
from good_offices.venue import communiques
from good_offices.venue.declaration import PUBLISHED

SCRIPT = '<script>alert("x")</script> & <b onclick=y>'


@pytest.fixture
def house(tmp_path):
    with House(tmp_path, played=releasing.signed) as house:
        yield house


def whole(house: House) -> bytes:
    return desks.file_of(house.desks[0], releasing.content(house.desks[0]))


def parts(data: bytes) -> CommuniqueFile:
    return unpack(data, CommuniqueFile, limit=MAX_FILE)


def page(house: House, address: str = "/") -> str:
    with urllib.request.urlopen(house.venue.url + address) as answer:
        return answer.read().decode()


def refused_by_host(house: House, data: bytes) -> str:
    """Hand a file in as a desk of these talks; return why the host refused it."""
    desk = house.desks[0]
    with pytest.raises(OperationalError) as refused:
        desk.client.release(desk.common.ledger.register, data)
    assert "<article" not in page(house)
    assert communiques.stamp(house.venue.folder) == ()
    return str(refused.value.facts["why"])


def not_valid(data: bytes) -> str:
    with pytest.raises(RemoteError) as refused:
        verify_communique(data)
    return refused.value.code


def with_record(data: bytes, **fields) -> bytes:
    file = parts(data)
    record = msgspec.structs.replace(read_record(file.record), **fields)
    return msgspec.structs.replace(file, record=pack(record)).to_bytes()


def test_a_word_is_altered_or_a_language_dropped(house: House) -> None:
    data = whole(house)
    record = read_record(parts(data).record)
    words = {tag: one.replace("ten", "two") for tag, one in record.words.items()}
    for forged in (
        with_record(data, words=words),
        with_record(data, words={"en": record.words["en"]}, titles={"en": record.titles["en"]}),
        with_record(data, titles=dict.fromkeys(record.titles, "We won")),
        with_record(data, names=dict.fromkeys(record.names, "Nobody")),
        with_record(data, embargo=1),
    ):
        assert not_valid(forged) == "communique-signature"
        assert refused_by_host(house, forged) == "communique-signature"


def test_one_delegation_alone_has_no_way_to_the_page(house: House) -> None:
    data = whole(house)
    file = parts(data)
    for forged, code in (
        (msgspec.structs.replace(file, signed=file.signed[:1]), "communique-unsigned"),
        (msgspec.structs.replace(file, signed=()), "communique-unsigned"),
        (msgspec.structs.replace(file, signed=(file.signed[0], file.signed[0])), "communique-unsigned"),
        (msgspec.structs.replace(file, signed=(*file.signed, file.signed[0])), "communique-malformed"),
        (msgspec.structs.replace(file, signed=file.signed[::-1]), "communique-malformed"),
    ):
        assert not_valid(forged.to_bytes()) == code
        assert refused_by_host(house, forged.to_bytes()) == code
    # Its own signature twice, once in the other's name.
    own, other = file.signed
    lent = msgspec.structs.replace(other, signature=own.signature)
    assert refused_by_host(house, msgspec.structs.replace(file, signed=(own, lent)).to_bytes()) == (
        "communique-signature"
    )
    record = read_record(file.record)
    mine = {one: name for one, name in record.names.items() if one == own.desk.statement.delegation}
    assert refused_by_host(house, with_record(data, names=mine)) == "communique-malformed"


def test_fresh_keys_under_the_others_name_are_not_introduced(house: House) -> None:
    """A delegation makes up the other side, talks id and all: the file is consistent, and the host refuses it."""
    smith = Talksmith(2, signing=False)
    desk = house.desks[0]
    for name, party in zip(smith.names, sorted(desk.talks.roster.expected), strict=True):
        smith.parties[name].id = party
        held = smith.desk(name)
        held.statement = msgspec.structs.replace(
            held.statement, delegation=party, talks=desk.identity.place.talks
        )
    record = communique(smith, talks=desk.identity.place.talks)
    data = signed_file(smith, record).to_bytes()
    assert verify_communique(data).trust == "unestablished"
    roots = [one.root.fingerprint for one in desk.talks.roster.delegations.values()]
    with pytest.raises(RemoteError) as refused:
        verify_communique(data, anchors_of(roots))
    assert refused.value.code == "root-differs"
    assert refused_by_host(house, data) == "communique-not-ours"


def test_one_of_other_talks_is_refused(house: House, tmp_path) -> None:
    smith = Talksmith(2, signing=False)
    assert refused_by_host(house, signed_file(smith, communique(smith)).to_bytes()) == "communique-not-ours"
    with House(tmp_path / "other", played=None) as other:
        foreign = whole(house)
        with pytest.raises(OperationalError) as refused:
            other.desks[0].client.release(other.desks[0].common.ledger.register, foreign)
        assert refused.value.facts["why"] == "communique-not-ours"


def test_a_recalled_desk_releases_nothing(tmp_path) -> None:
    with House(tmp_path, played=releasing.accepted) as house:
        upper, lower = house.desks
        signer = house.join(upper, "Signer", powers=("speak", "release"))
        content = releasing.content(upper)
        releasing.done(signer, told.signature(signer, content))
        lower.sync()
        releasing.done(lower, told.signature(lower, content))
        upper.sync()
        data = whole(house)
        people.recall(upper, signer.identity.person.member, house.root(upper))
        upper.sync()
        with pytest.raises(LocalError) as refused:
            desks.release(upper, content)
        assert (refused.value.code, refused.value.facts["who"]) == (
            "communique-signatures-missing",
            "Upper Basin",
        )
        # The other side has the signature of before, and tries its luck at the host.
        assert refused_by_host(house, data) == "communique-not-ours"
        # Another desk of the delegation signs in its place.
        releasing.done(upper, told.signature(upper, content))
        assert desks.release(upper, content)[1]


def test_before_the_embargo_neither_desk_nor_host_releases(tmp_path) -> None:
    later = 32_503_680_000_000  # the year 3000

    def played(house: House) -> None:
        releasing.signed(house, embargo=later)

    with House(tmp_path, played=played) as house:
        desk = house.desks[1]
        with pytest.raises(LocalError) as refused:
            desks.release(desk, releasing.content(desk))
        assert refused.value.code == "communique-embargo"
        assert refused_by_host(house, whole(house)) == "communique-early"


def test_what_was_withdrawn_is_not_put_together(tmp_path) -> None:
    with House(tmp_path, played=releasing.accepted) as house:
        upper, lower = house.desks
        content = releasing.content(upper)
        releasing.done(upper, told.signature(upper, content))
        lower.sync()
        releasing.done(lower, told.withdrawal(content))
        upper.sync()
        for step in (desks.file_of, desks.release):
            with pytest.raises(LocalError) as refused:
                step(upper, content)
            assert refused.value.code == "communique-withdrawn"


def test_twice_and_again_changes_nothing(house: House) -> None:
    desk = house.desks[0]
    content = releasing.content(desk)
    _done, number = desks.release(desk, content)
    before = communiques.stamp(house.venue.folder)
    again = desks.release(desk, content)
    assert again == (None, number)
    house.settle()
    assert desks.release(house.desks[1], content) == (None, number)
    assert communiques.stamp(house.venue.folder) == before
    assert page(house).count("<article") == 1


def test_strangers_and_caucuses_hand_nothing_in(house: House) -> None:
    desk = house.desks[0]
    data = whole(house)
    with pytest.raises(OperationalError) as refused:
        desk.client.release(desk.caucus.ledger.register, data)
    assert refused.value.facts["why"] == "no-such-register"
    request = urllib.request.Request(
        f"{house.venue.url}/v1/r/{desk.common.ledger.register}/communiques", data=data, method="POST"
    )
    with pytest.raises(urllib.error.HTTPError) as unsigned:
        urllib.request.urlopen(request)
    assert unsigned.value.code == 401
    unsigned.value.close()


def test_what_is_too_large_or_no_file_is_refused(house: House) -> None:
    assert refused_by_host(house, bytes(MAX_FILE + 1)) == "too-large"
    assert refused_by_host(house, b"") == "not-canonical"
    assert refused_by_host(house, whole(house) + b"x") == "not-canonical"
    file = parts(whole(house))
    long = with_record(file.to_bytes(), words=dict.fromkeys(("en", "ru"), "x" * 300_000))
    assert refused_by_host(house, long) == "too-large"
    later = msgspec.structs.replace(file, form="good-offices/communique-file/2")
    assert refused_by_host(house, later.to_bytes()) == "unknown-version"


def test_the_host_edits_its_disk(house: House, caplog) -> None:
    desk = house.desks[0]
    _done, number = desks.release(desk, releasing.content(desk))
    path = house.venue.folder.path / communiques.file_name(number)
    held = path.read_bytes()
    path.write_bytes(held.replace(b"ten years", b"two years"))
    assert "<article" not in page(house)
    assert "a communiqué is not shown: communique-signature" in caplog.text
    path.write_bytes(held)
    path.rename(house.venue.folder.path / communiques.file_name("0" * 64))
    assert "<article" not in page(house)
    with pytest.raises(urllib.error.HTTPError) as gone:
        urllib.request.urlopen(f"{house.venue.url}/communique/{number}")
    gone.value.close()


def test_markup_in_the_words_is_words(tmp_path) -> None:
    def played(house: House) -> None:
        releasing.text_ready(house)
        upper, lower = house.desks
        drafts = {tag: read_draft(f"1. {SCRIPT}\n".encode(), ".md") for tag in ("en", "ru")}
        releasing.done(upper, drafting.tabled(drafts, "hostile", dict.fromkeys(("en", "ru"), SCRIPT)))
        house.settle()
        text = upper.talks.plenary.texts["hostile"]
        event = told.proposed(upper, text, embargo_words=SCRIPT)
        releasing.done(upper, event)
        lower.sync()
        releasing.done(lower, told.acceptance(event.content))
        house.settle()
        for desk in house.desks:
            releasing.done(desk, told.signature(desk, event.content))
            house.settle()

    with House(tmp_path, played=played) as house:
        desk = house.desks[0]
        desks.release(desk, releasing.content(desk))
        for address in ("/", "/ru"):
            shown = page(house, address)
            assert "<script" not in shown
            assert "<b onclick" not in shown
            assert html.escape(SCRIPT, quote=True).replace("&quot;", "&#34;") in shown


def test_the_page_names_nobody_and_no_register(house: House) -> None:
    desk = house.desks[0]
    _done, number = desks.release(desk, releasing.content(desk))
    shown = page(house)
    with urllib.request.urlopen(f"{house.venue.url}/communique/{number}") as answer:
        file = answer.read()
    hidden = [
        desk.common.ledger.register,
        desk.caucus.ledger.register,
        *desk.talks.roster.expected,
        *(one.identity.person.name for one in house.desks),
        *(one.identity.statement.desk for one in house.desks),
        desk.identity.place.talks.hex(),
    ]
    assert [one for one in hidden if one in shown] == []
    unseen = [desk.common.ledger.register, desk.caucus.ledger.register, house.desks[0].identity.person.name]
    assert [one for one in unseen if one.encode() in file] == []
    assert re.search(r"<(script|form|input|iframe|img)\b", shown) is None


def test_without_any_a_venue_says_nothing_of_talks(tmp_path) -> None:
    with House(tmp_path, played=releasing.signed) as house:
        before = page(house)
        assert not (house.venue.folder.path / PUBLISHED).exists()
        assert "Basin" not in before
        assert "<article" not in before


def test_a_certificate_of_another_root_or_none(house: House) -> None:
    file = parts(whole(house))
    own, other = file.signed
    swapped = msgspec.structs.replace(own, desk=msgspec.structs.replace(own.desk, roots=other.desk.roots))
    bare = msgspec.structs.replace(own, desk=msgspec.structs.replace(own.desk, roots=()))
    for one in (swapped, bare):
        forged = msgspec.structs.replace(file, signed=(one, other)).to_bytes()
        assert not_valid(forged) == "desk-not-certified"
        assert refused_by_host(house, forged) == "desk-not-certified"


def test_a_desk_of_the_capital_or_on_duty_speaks_for_nobody() -> None:
    smith = Releasing().smith
    for kind in ("capital", "duty"):
        held = smith.desk("A")
        statement = held.statement
        held.statement = msgspec.structs.replace(statement, **{kind: True})
        with pytest.raises(RemoteError) as refused:
            verify_file(signed_file(smith, communique(smith)).to_bytes())
        assert refused.value.code == "desk-not-certified"
        held.statement = statement


def test_after_a_succession_the_chain_of_roots_is_in_the_file(tmp_path) -> None:
    """A desk that the successor certified signs: a stranger follows the roots from the introduced one to it."""
    with House(tmp_path, played=releasing.accepted) as house:
        upper, lower = house.desks
        successor = house.root(upper, "successor.kit")
        people.succeed(upper, successor, ROOT.signer(secrets.token_bytes(64)))
        house.settle()
        handover = people.invite(upper, "Signer", "Adviser", "experts", ("speak", "release"))
        signer = Desk.create(tmp_path / "signer", PASSPHRASE, pack(handover))
        signer.sync()
        upper.sync()
        people.admit(upper, people.waiting(upper)[0], successor)
        house.desks.append(signer)
        house.settle()
        content = releasing.content(signer)
        releasing.done(signer, told.signature(signer, content))
        lower.sync()
        releasing.done(lower, told.signature(lower, content))
        file = parts(desks.file_of(lower, content))
        (own,) = [one for one in file.signed if one.desk.statement == signer.identity.statement]
        assert len(own.desk.roots) == 2
        assert own.desk.fingerprints[-1] == successor.fingerprint
        for broken in (
            {"successions": ()},
            {"successions": (own.signature,)},
            {"roots": own.desk.roots[1:], "successions": ()},
            {"roots": own.desk.roots[::-1]},
        ):
            forged = msgspec.structs.replace(own, desk=msgspec.structs.replace(own.desk, **broken))
            signed = tuple(forged if one is own else one for one in file.signed)
            data = msgspec.structs.replace(file, signed=signed).to_bytes()
            # Without its beginning the chain holds in itself: only the host and the reader's roots tell.
            if broken.get("roots") == own.desk.roots[1:]:
                assert verify_communique(data).valid
                assert refused_by_host(house, data) == "communique-not-ours"
            else:
                assert not_valid(data) == "desk-not-certified"
        assert desks.release(lower, content)[1]
