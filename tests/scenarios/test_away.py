"""A desk that was away judges a long record alike, wherever its signatures are checked."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import ClassVar

import pytest
from tests.support.checking import ready
from tests.support.house import PASSPHRASE, House

from good_offices.desk import checking
from good_offices.desk.checking import Check, Checks
from good_offices.desk.compose import seal_act, write_act
from good_offices.desk.desk import Desk
from good_offices.encoding import pack, unpack
from good_offices.register.leaf import Kind
from good_offices.seals.envelope import message_key, open_envelope, seal
from good_offices.talks.acts import SignedAct
from good_offices.talks.events_plenary import StatementMade

ACTS = 90


def spoil(at: int, signature: bytes) -> bytes:
    """Return what some acts have in the place of their signature: half of it wrong, cut, or somebody else's."""
    kinds = {
        3: bytes([signature[0] ^ 1]) + signature[1:],
        4: signature[:-1] + bytes([signature[-1] ^ 1]),
        5: signature[:64],
        6: b"",
        7: signature[64:] + signature[:64],
    }
    return kinds.get(at % 11, signature)


def speak(desk: Desk) -> int:
    """Post statements in one request, some with bad signatures, and return how many are good."""
    standing, chain, entries, good = desk.standing("plenary"), desk._chain("plenary"), [], 0
    secret = desk.epochs.secret(standing.manifest)
    assert secret is not None
    for at in range(ACTS):
        act = write_act(standing, chain, StatementMade(text=f"{at}.", language="en"), int(time.time() * 1000))
        envelope, _, after = seal_act(act, desk.signer, secret)
        _, key = message_key(envelope, [secret])  # type: ignore[misc]
        signed = unpack(open_envelope(envelope, key), SignedAct)
        spoilt = spoil(at, signed.signature)
        if spoilt == signed.signature:
            # One whose signature does not hold is nobody's: the chain goes on without it.
            chain, good = after, good + 1
        else:
            envelope = seal(pack(SignedAct(act=signed.act, signature=spoilt)), secret)
        entries.append((int(Kind.ENVELOPE), envelope))
    desk.client.append(desk.common.ledger.register, entries)
    return good


def opened(folder: Path) -> tuple[list[bytes], bytes, bytes]:
    """Return what a desk keeps of each entry, its state and the hash of the plenary's after it has caught up."""
    desk = Desk.open(folder, PASSPHRASE)
    try:
        desk.receive()
        kept = [pack(one) for _, one in desk.common.all_kept()]
        state = desk.talks.state_hash(desk.rooms["plenary"], desk.common.ledger.size)
        return kept, desk.talks.snapshot(), state
    finally:
        desk.close()


class Watched(Checks):
    """Begun and ready at once, however short the record; killed before one of its checks if so told."""

    ends: int | None = None
    made: ClassVar[list[Watched]] = []

    def expect(self, entries: int) -> None:
        if entries >= ACTS and not self._tried:
            self.asked = 0
            self.made.append(self)
            ready(self)

    def begin(self, signed: SignedAct, public: bytes) -> Check:
        self.asked = getattr(self, "asked", 0) + 1
        if self.asked == self.ends:
            assert self._process is not None
            self._process.kill()
        return super().begin(signed, public)


def test_a_record_with_bad_signatures_is_judged_alike_on_one_core_on_two_and_when_the_other_dies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with House(tmp_path) as house:
        writer, reader = house.desks[:2]
        folder = reader.storage.folder
        house.reopen(reader).close()
        for name in ("here", "beside", "killed"):
            shutil.copytree(folder, tmp_path / name)
        house.desks.remove(house.desks[1])
        good = speak(writer)
        here = opened(tmp_path / "here")
        monkeypatch.setattr(checking, "_cores", lambda: 2)
        monkeypatch.setattr("good_offices.desk.desk.Checks", Watched)
        monkeypatch.setattr(Watched, "made", [])
        assert opened(tmp_path / "beside") == here
        (beside,) = Watched.made
        assert beside.elsewhere > good // 2
        monkeypatch.setattr(Watched, "ends", ACTS // 2)
        assert opened(tmp_path / "killed") == here
        killed = Watched.made[1]
        assert 0 < killed.elsewhere < ACTS // 2
        writer.receive()
        verdicts = [one.verdict for _, one in writer.common.all_kept()][-ACTS:]
        assert [one.code for one in verdicts].count("act-signature") == ACTS - good
        assert [one.status for one in verdicts].count("valid") == good
        assert 0 < good < ACTS


def test_a_record_that_is_judged_again_is_judged_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with House(tmp_path) as house:
        writer, reader = house.desks[:2]
        speak(writer)
        reader.receive()
        before = [pack(one) for _, one in reader.common.all_kept()]
        monkeypatch.setattr(checking, "_cores", lambda: 2)
        monkeypatch.setattr("good_offices.desk.record.Checks", Watched)
        monkeypatch.setattr(Watched, "made", [])
        reader.common.judge_again()
        assert [pack(one) for _, one in reader.common.all_kept()] == before
        (beside,) = Watched.made
        assert beside.elsewhere > 0
