"""Every other file that verify reads, and files that it does not."""

from __future__ import annotations

import pytest
from msgspec import structs
from tests.support.outcomes import ORIGIN, Stage

from good_offices.encoding import encode
from good_offices.errors import CATALOGUE, LocalError
from good_offices.instrument.anchors import Anchors, Beside, anchors_of
from good_offices.instrument.closing import disclose
from good_offices.instrument.evidence import FORMS, verify_any
from good_offices.instrument.finding import Finding
from good_offices.instrument.outcome import EVIDENCE, RECEIPT, EvidenceFile, ReceiptFile
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.fork import fork_of_roots
from good_offices.register.receipt import Receipt


@pytest.fixture
def receipt(talks):
    stage = talks.stage
    size = stage.tree.size
    leaf = stage.rows[3].leaf
    return leaf, Receipt.of(3, leaf, stage.tree.inclusion_proof(3, size), stage.note()).to_text()


@pytest.fixture
def fork(talks) -> bytes:
    stage = talks.stage
    size = stage.tree.size
    other = stage.host.sign(Checkpoint(ORIGIN, size, bytes(32)), 1)
    return fork_of_roots(stage.note(), other, stage.host.keys).to_bytes()


def beside(stage, **changed) -> Beside:
    return Beside(genesis=stage.genesis.body(), **changed)


def knows_host(stage) -> Anchors:
    return anchors_of(trust="# the host\n" + "\n".join(stage.host.vkeys))


def disclosed(talks, index=None):
    stage = talks.stage
    act = stage.hash(talks.said if index is None else index)
    replay = stage.replay
    return disclose(replay.roster, replay.plenary, stage.judged, stage.kept, stage.tree, stage.note(), act)


def test_an_outcome_is_read_by_its_form(honest):
    finding = verify_any(honest[1])
    assert (finding.form, finding.valid) == ("good-offices/outcome/1", True)


def test_a_failure_is_in_the_finding(honest):
    finding = verify_any(honest[1][:-1])
    assert not finding.valid
    assert finding.failed.code == "not-canonical"
    assert finding.failed.remedy
    assert finding.does_not_prove == ("anything, because it does not hold",)


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"PK\x03\x04", encode([1]), encode({"a": 1}), encode({"form": "other/1"})]
)
def test_a_file_of_no_known_form(data):
    finding = verify_any(data)
    assert (finding.valid, finding.failed.code) == (False, "file-unknown")


def test_a_further_form_can_be_added():
    pouch = Finding(form="good-offices/pouch/1", valid=True)
    data = encode({"form": "good-offices/pouch/1"})
    assert verify_any(data).failed.code == "file-unknown"
    assert verify_any(data, forms={**FORMS, "good-offices/pouch/1": lambda _data, _beside: pouch}) is pouch


def test_one_disclosed_act(talks):
    file = disclosed(talks)
    finding = verify_any(file.to_bytes())
    assert (finding.valid, finding.trust) == (True, "unestablished")
    assert finding.statements[0].text == "We thank the host."
    assert any("had effect" in one for one in finding.does_not_prove)
    root = talks.stage.parties["Belan"].root.fingerprint
    established = verify_any(file.to_bytes(), Beside(anchors=anchors_of(roots=[root])))
    assert established.trust == "established"
    author = talks.stage.parties["Arda"].root.fingerprint
    assert verify_any(file.to_bytes(), Beside(anchors=anchors_of(roots=[author]))).trust == "unestablished"


def test_a_disclosed_act_of_the_roster(talks):
    assert verify_any(disclosed(talks, 4).to_bytes()).valid


def test_a_disclosure_of_no_act(talks):
    file = disclosed(talks)
    none = structs.replace(file, entries=file.entries[:3])
    assert verify_any(none.to_bytes()).failed.code == "entry-kind"
    # An introduction after the act is not the act that is disclosed.
    stage = talks.stage
    index = stage.introduce(stage.desk("Arda", "Ben Ori", "Clerk"), first=False)
    shown = tuple(stage.shown(one.index) for one in file.entries)
    last = structs.replace(file, checkpoint=stage.note(), entries=(*shown, stage.shown(index)))
    assert verify_any(last.to_bytes()).failed.code == "entry-kind"


def test_an_act_that_cannot_be_disclosed(talks):
    stage = talks.stage
    with pytest.raises(LocalError):
        disclose(
            stage.replay.roster,
            stage.replay.plenary,
            stage.judged,
            stage.kept,
            stage.tree,
            stage.note(),
            bytes(32),
        )


def test_a_receipt_with_its_genesis(talks, receipt):
    leaf, text = receipt
    file = ReceiptFile(form=RECEIPT, genesis=talks.stage.genesis.body(), leaf=leaf.to_bytes(), receipt=text)
    finding = verify_any(file.to_bytes())
    assert (finding.valid, finding.trust) == (True, "unestablished")
    assert finding.host == talks.stage.host.keys.fingerprint
    by_number = Beside(anchors=anchors_of(roots=[finding.host]))
    assert verify_any(file.to_bytes(), by_number).trust == "established"
    by_other = Beside(anchors=anchors_of(roots=["ab" * 32]))
    assert verify_any(file.to_bytes(), by_other).failed.code == "root-differs"
    wrong = structs.replace(file, genesis=b"\xa0")
    assert verify_any(wrong.to_bytes()).failed.code == "genesis-wrong"
    other = structs.replace(file, leaf=talks.stage.rows[4].leaf.to_bytes())
    assert verify_any(other.to_bytes()).failed.code == "inclusion-invalid"


def test_a_bare_receipt_needs_its_leaf(talks, receipt):
    leaf, text = receipt
    given = beside(talks.stage, leaf=leaf.to_bytes())
    assert verify_any(text.encode(), given).valid
    assert verify_any(text.encode()).failed.code == "host-unnamed"
    assert verify_any(text.encode() + b"\xff", given).failed.code == "not-canonical"


def test_evidence_of_two_histories(talks, fork):
    stage = talks.stage
    file = EvidenceFile(form=EVIDENCE, genesis=stage.genesis.body(), fork=fork)
    finding = verify_any(file.to_bytes())
    assert (finding.valid, finding.trust, finding.form) == (True, "unestablished", EVIDENCE)
    assert "two histories" in finding.proves[0]
    known = verify_any(file.to_bytes(), Beside(anchors=knows_host(stage)))
    assert known.trust == "established"


def test_bare_evidence_needs_the_hosts_keys(talks, fork):
    stage = talks.stage
    assert verify_any(fork).failed.code == "host-unnamed"
    assert verify_any(fork, beside(stage)).valid
    assert verify_any(fork, Beside(anchors=knows_host(stage))).trust == "established"


def test_a_checkpoint(talks):
    stage = talks.stage
    note = stage.note()
    assert verify_any(note).failed.code == "host-unnamed"
    finding = verify_any(note, Beside(anchors=knows_host(stage)))
    assert (finding.valid, finding.trust, finding.size) == (True, "established", stage.tree.size)
    assert finding.talks == ""
    broken = note.replace(b"venue.example", b"venue.exampla")
    assert verify_any(broken, beside(stage)).failed.code in ("signature-lines", "checkpoint-foreign")


def test_anchors():
    one, two = "ab" * 32, "cd" * 32
    grouped = " ".join(two[at : at + 4].upper() for at in range(0, 64, 4))
    anchors = anchors_of(roots=[one], trust=f"# ours\n\n{grouped}  Republic of Arda\n{one}\n")
    assert anchors.required == {one}
    assert anchors.known == {two: "Republic of Arda", one: ""}
    assert anchors.all == {one, two}
    assert anchors.host("nowhere") is None
    vkey = Stage().host.vkeys[0]
    for roots, trust, code in (
        (["ab" * 31], None, "root-malformed"),
        (["xy" * 32], None, "root-malformed"),
        ([], "what is this", "trust-malformed"),
        ([], "a" * 10_000, "trust-malformed"),
        ([], vkey, "trust-malformed"),
    ):
        with pytest.raises(LocalError) as refused:
            anchors_of(roots, trust)
        assert refused.value.code == code
        assert code in CATALOGUE


def test_a_later_version_of_a_known_form_is_named_as_such():
    finding = verify_any(encode({"form": "good-offices/outcome/2"}))
    assert finding.failed.code == "unknown-version"
    assert "version 2" in finding.failed.what
