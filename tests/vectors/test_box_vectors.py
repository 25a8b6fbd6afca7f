"""The vectors of spec/soundings.md section 9, read from the file as another implementation would."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest

from good_offices.encoding import unpack
from good_offices.errors import RemoteError
from good_offices.instrument.evidence import verify_any
from good_offices.register.box import BoxCommit, BoxOpen, BoxVoid, ScalarDeposit, box_id, read_box
from good_offices.register.box_evidence import BoxEvidence, Ends, Opening, Voiding
from good_offices.register.genesis import Genesis
from good_offices.register.leaf import Kind, Leaf
from good_offices.seals import group

TOLD = json.loads(
    (Path(__file__).parents[2] / "spec" / "vectors" / "soundings" / "boxes.json").read_text("utf-8")
)
KEYS = Genesis.parse(bytes.fromhex(TOLD["genesis"])).keys
CONVICTING = [case for case in TOLD["evidence"] if case["verdict"] == "ok"]


def name(case):
    return case["name"]


@pytest.mark.parametrize("case", TOLD["ids"], ids=lambda case: str(case["number"]))
def test_id(case):
    ctx = bytes.fromhex(case["ctx"])
    assert box_id(ctx, case["number"]).hex() == case["box"]
    words = b"good-offices/v1/box\0" + ctx + case["number"].to_bytes(2, "big")
    assert hashlib.sha256(words).hexdigest() == case["box"]


@pytest.mark.parametrize("case", TOLD["receipts"], ids=name)
def test_deposit_receipt(case):
    note = case["note"].encode()
    if case["verdict"] != "ok":
        with pytest.raises(RemoteError) as refused:
            KEYS.open_deposit(note)
        assert refused.value.code == case["verdict"]
        return
    held = KEYS.open_deposit(note)
    digest = hashlib.sha256(bytes.fromhex(TOLD["deposit"])).digest()
    assert (held.box.hex(), held.delegation, held.digest) == (TOLD["box"], TOLD["delegation"], digest)
    # 9.3 by its words: three lines, an empty one, one signature.
    lines = case["note"].split("\n")
    assert lines[:4] == [
        f"{KEYS.origin}/box",
        f"{TOLD['box']} {TOLD['delegation']}",
        base64.b64encode(digest).decode(),
        "",
    ]
    assert len(lines) == 6


@pytest.mark.parametrize("case", TOLD["evidence"], ids=name)
def test_evidence(case):
    file = base64.b64decode(case["file"])
    finding = verify_any(file)
    assert finding.valid == (case["verdict"] == "ok")
    if finding.valid:
        assert BoxEvidence.parse(file).verify().hex() == TOLD["box"]
        return
    with pytest.raises(RemoteError) as refused:
        BoxEvidence.parse(file).verify()
    assert refused.value.code == case["verdict"]


@pytest.mark.parametrize("case", TOLD["evidence"], ids=name)
def test_evidence_by_the_words_of_the_specification(case):
    """9.4 and 9.5 once more over what the entries say, with the host's signatures taken for granted."""
    file = BoxEvidence.parse(base64.b64decode(case["file"]))
    parties, claim = Genesis.parse(file.founding.body).delegations, file.claim
    if isinstance(claim, Ends):
        first, second = (said(one) for one in (claim.first, claim.second))
        convicts = first.box == second.box and claim.first.leaf != claim.second.leaf
    elif isinstance(claim, Opening):
        end, commits = said(claim.end), {one.delegation: one for one in map(said, claim.commits)}
        assert isinstance(end, BoxOpen)
        short = len(end.deposits) != len(parties)
        given = dict(zip(parties, end.deposits, strict=not short))
        convicts = short or any(hash_of(given[at]) != one.hash for at, one in commits.items())
        convicts = convicts or (len(commits) == len(parties) and not opens(end.deposits))
    else:
        assert isinstance(claim, Voiding)
        end = said(claim.end)
        assert isinstance(end, BoxVoid)
        held = [KEYS.open_deposit(one) for one in claim.receipts]
        convicts = [one.delegation for one in held] == parties
        if end.reason == "differ":
            hashes = [one.hash for one in map(said, claim.commits)]
            convicts = convicts and hashes == [one.digest for one in held] == [*map(hash_of, claim.deposits)]
            convicts = convicts and opens(claim.deposits)
    assert convicts == (case["verdict"] == "ok")


@pytest.mark.parametrize("case", CONVICTING, ids=name)
def test_with_another_hosts_name_on_it_it_convicts_nobody(case):
    file = base64.b64decode(case["file"])
    assert not verify_any(file.replace(b"venue.example", b"venue.exampla")).valid


def said(entry):
    found = read_box(Leaf.from_bytes(entry.leaf).kind, entry.body)
    assert isinstance(found, BoxCommit | BoxOpen | BoxVoid)
    assert hashlib.sha256(entry.body).digest() == entry.leaf[18:]
    return found


def hash_of(deposit):
    return hashlib.sha256(deposit).digest()


def opens(deposits):
    read = [unpack(one, ScalarDeposit) for one in deposits]
    alike = len({(one.box, one.elements, one.transcript) for one in read}) == 1
    return alike and all(
        group.base(group.scalar(one.scalar)) == one.elements[place] for place, one in enumerate(read)
    )


def test_every_kind_is_there():
    claims = {type(BoxEvidence.parse(base64.b64decode(case["file"])).claim) for case in CONVICTING}
    assert claims == {Opening, Voiding, Ends}
    assert {Kind.BOX_COMMIT, Kind.BOX_OPEN, Kind.BOX_VOID} == {5, 6, 7}
