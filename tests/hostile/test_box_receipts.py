"""Deposit receipts that delegations give each other: what they prove of a host, and what they do not (spec/soundings.md 9.5)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.hostile.conftest import PASSPHRASE, Stage
from tests.hostile.game import Game, take
from tests.support.boxes import deposits
from tests.support.seats import verb

from good_offices.cli import sounding_evidence
from good_offices.desk import assurance
from good_offices.desk.soundings import receipts
from good_offices.encoding import pack
from good_offices.errors import LocalError, RemoteError
from good_offices.instrument.evidence import verify_any
from good_offices.register.box import BoxVoid, box_id
from good_offices.register.leaf import Kind


class Sounded(Game):
    """A box of a sounding that the host closes by its time, having taken the deposits of some."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.ctx = os.urandom(64)
        self.box = box_id(self.ctx, 0)
        self.deposits = deposits(2, self.box)
        # What the module asks of a sounding: the ctx of each attempt, and how many boxes there can be.
        attempts = [SimpleNamespace(ctx=os.urandom(64)), SimpleNamespace(ctx=self.ctx)]
        self.sounding: Any = SimpleNamespace(id=bytes(32), attempts=attempts, boxes_known=1)

    def close(self, *places: int, reason: Any = "time") -> None:
        """Let desks deposit, and the host close the box all the same."""
        self.ready()
        for place in places:
            desk, given = self.desks[place], self.deposits[place]
            desk.storage.put(f"deposit/{self.box.hex()}", take(desk, self.box, given))
            self.stage.host.deposits.clear()  # else its honest part would open the box
        self.log(Kind.BOX_VOID, BoxVoid(box=self.box, reason=reason))
        for desk in self.desks:
            desk.sync()


def test_receipts_of_all_convict_a_host_that_closed_the_box_by_its_time(stage: Stage) -> None:
    game = Sounded(stage)
    game.close(0, 1)
    (one, other), sounding = game.desks, game.sounding
    assert [(x.attempt, x.number) for x in receipts.closed(one, sounding)] == [(1, 0)]
    file = receipts.receipts(other, sounding)
    (path,) = receipts.convict(one, sounding, [file])
    assert assurance.evidence_files(one) == [path]
    finding = verify_any(path.read_bytes())
    assert finding.valid
    assert "closed it instead of opening it" in str(finding.proves[0])
    # Once more it is the same file; and it stops nothing by itself.
    content = path.read_bytes()
    assert receipts.convict(one, sounding, [file]) == [path]
    assert path.read_bytes() == content
    one.sync()


def test_a_desk_that_did_not_answer_convicts_with_the_receipts_of_those_who_did(stage: Stage) -> None:
    game = Sounded(stage)
    game.close(0, 1)
    files = [receipts.receipts(desk, game.sounding) for desk in game.desks]
    game.desks[0].storage.remove(f"deposit/{game.box.hex()}")
    assert receipts.closed(game.desks[0], game.sounding) == []
    with pytest.raises(LocalError) as none:
        receipts.receipts(game.desks[0], game.sounding)
    assert none.value.code == "box-receipts-none"
    with pytest.raises(LocalError):
        receipts.convict(game.desks[0], game.sounding, files[1:])
    assert receipts.convict(game.desks[0], game.sounding, files)


@pytest.mark.parametrize("why", ["ours alone", "differ", "opened", "of another box"])
def test_receipts_that_do_not_convict(stage: Stage, why: str) -> None:
    """The other side did not deposit, the deposits differ, or the host was honest."""
    game = Sounded(stage)
    if why == "opened":
        game.ready()
        for desk, given in zip(game.desks, game.deposits, strict=True):
            desk.storage.put(f"deposit/{game.box.hex()}", take(desk, game.box, given))
    else:
        game.close(
            *((0,) if why in ("ours alone", "of another box") else (0, 1)),
            reason="time" if why != "differ" else "differ",
        )
    theirs = pack(receipts.Receipts(receipts=()))
    if why == "of another box":
        theirs = pack(
            receipts.Receipts(receipts=(stage.host.deposit_receipt(bytes(32), game.parties[1], b""),))
        )
    elif why != "ours alone":
        theirs = receipts.receipts(game.desks[1], game.sounding)
    with pytest.raises(LocalError) as refused:
        receipts.convict(game.desks[0], game.sounding, [theirs])
    assert refused.value.code == "box-unproved"
    assert assurance.evidence_files(game.desks[0]) == []


def test_a_file_with_what_the_host_did_not_sign_is_refused_whole(stage: Stage) -> None:
    game = Sounded(stage)
    game.close(0, 1)
    note = stage.host.deposit_receipt(game.box, game.parties[1], game.deposits[1])
    for content, code in (
        (pack(receipts.Receipts(receipts=(note[:-8] + b"AAAAAA=\n",))), "signature-invalid"),
        (b"no receipts", "not-canonical"),
        (pack(receipts.Receipts(receipts=(stage.host.log("", stage.host.common).note(),))), ""),
    ):
        with pytest.raises(RemoteError) as refused:
            receipts.convict(game.desks[0], game.sounding, [content])
        assert code in ("", refused.value.code)


def test_receipts_by_verbs(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    game = Sounded(stage)
    game.close(0, 1)
    (line,) = sounding_evidence.closed_lines(game.desks[0], game.sounding)
    assert "attempt 2" in line
    monkeypatch.setattr("good_offices.clerk.soundings.named", lambda *_: game.sounding)
    folders = [desk.storage.folder for desk in game.desks]
    for desk in stage.desks:
        desk.close()
    stage.desks.clear()
    secret = tmp_path / "secret"
    secret.write_text(PASSPHRASE)
    at = [("--desk", folder, "--passphrase-file", secret) for folder in folders]
    written = tmp_path / "theirs"
    told = verb("sounding", "receipts", "S1", "-o", written, *at[1])
    assert told.status == 0, told.err
    told = verb("sounding", "convict", "S1", written, "--json", *at[0])
    assert told.status == 0, told.err
    (file,) = json.loads(told.out)["evidence"]
    assert verb("verify", file).status == 0
    assert verb("verify", written).status != 0
