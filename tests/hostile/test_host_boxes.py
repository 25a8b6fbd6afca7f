"""The host cheats with a box: either no desk takes anything from it, or `verify` convicts it (spec/soundings.md 9.5)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.hostile.conftest import Stage
from tests.hostile.game import Game, take
from tests.hostile.host import Response
from tests.support.boxes import deposits

from good_offices.desk import assurance
from good_offices.desk.desk import Desk
from good_offices.encoding import pack
from good_offices.errors import Exit, HostConvictedError, LocalError, OperationalError, RemoteError
from good_offices.instrument.evidence import verify_any
from good_offices.register.box import BoxOpen, BoxVoid
from good_offices.register.box_evidence import BoxEvidence, Ends, Opening, Voiding
from good_offices.register.leaf import Kind
from good_offices.talks.events_plenary import StatementMade
from good_offices.transport import pages


@pytest.fixture
def game(stage: Stage) -> Game:
    return Game(stage)


def seen_by(desk: Desk, code: str) -> Path:
    """Pass if a desk that reads convicts its host and stops; return the one file that it keeps."""
    with pytest.raises(HostConvictedError) as convicted:
        desk.sync()
    assert (convicted.value.code, convicted.value.exit) == (code, Exit.EQUIVOCATION)
    for act in (desk.sync, lambda: desk.hand_in("plenary", StatementMade(text="x", language="en"))):
        with pytest.raises(LocalError) as stopped:
            act()
        assert stopped.value.code == "desk-stopped"
    (file,) = assurance.evidence_files(desk)
    assert verify_any(file.read_bytes()).valid
    assert assurance.evidence_file(desk, file.name) == file.read_bytes()
    return file


def test_an_honest_box_is_read_and_nothing_is_kept(game: Game) -> None:
    game.ready()
    for desk, one in zip(game.desks, game.deposits, strict=True):
        take(desk, game.box, one)
    other = Game(game.stage)
    other.ready()
    other.log(Kind.BOX_VOID, BoxVoid(box=other.box, reason="time"))
    for desk in game.desks:
        desk.sync()
        assert assurance.evidence_files(desk) == []
        assert desk.storage.names("box-ended/") == []


@pytest.mark.parametrize("cheat", ["fewer", "forged", "large", "first"])
def test_a_desk_that_sees_a_false_opening_keeps_evidence_and_stops(game: Game, cheat: str) -> None:
    if cheat == "first":  # with one commitment there is, and the other still to come
        game.commit(0)
    else:
        game.ready()
    given = list(game.deposits)
    given[0] = {"large": bytes(70_000)}.get(cheat, deposits(2, game.box)[0])
    game.log(Kind.BOX_OPEN, BoxOpen(box=game.box, deposits=tuple(given[: 1 if cheat == "fewer" else 2])))
    files = {seen_by(desk, "box-opened-wrongly").name for desk in game.desks}
    assert len(files) == 1


def test_a_desk_that_sees_a_box_open_that_does_not_fit_keeps_evidence_and_stops(stage: Stage) -> None:
    game = Game(stage, fit=False)
    game.ready()
    for desk, one in zip(game.desks, game.deposits, strict=True):
        take(desk, game.box, one)
    for desk in game.desks:
        seen_by(desk, "box-opened-wrongly")


def test_a_desk_that_sees_a_second_end_keeps_evidence_and_stops(game: Game) -> None:
    """Whichever ends they are, and although a desk had been closed between them."""
    game.ready()
    game.log(Kind.BOX_VOID, BoxVoid(box=game.box, reason="time"))
    for desk in list(game.desks):
        desk.sync()
        assert assurance.evidence_files(desk) == []
        game.stage.reopen(desk)
    game.log(Kind.BOX_OPEN, BoxOpen(box=game.box, deposits=tuple(game.deposits)))
    for desk in game.stage.desks:
        seen_by(desk, "box-ended-twice")


def test_what_nobody_committed_to_convicts_nobody(game: Game) -> None:
    """Without a commitment nothing shows what should have been opened; the end is of no sounding."""
    game.log(Kind.BOX_OPEN, BoxOpen(box=game.box, deposits=tuple(game.deposits)))
    game.ready()
    for desk in game.desks:
        desk.sync()
        assert assurance.evidence_files(desk) == []


def test_ends_in_a_caucus_end_nothing(game: Game) -> None:
    """A caucus has no boxes: what its host logs there is of no room, and no evidence of the common register."""
    host, desk = game.stage.host, game.stage.desks[0]
    caucus = host.log(desk.identity.place.delegation, desk.caucus.ledger.register)
    for reason in ("time", "differ"):
        caucus.force(Kind.BOX_VOID, pack(BoxVoid(box=game.box, reason=reason)))
    size = desk.caucus.ledger.size
    desk.sync()
    assert desk.caucus.ledger.size >= size + 2
    assert assurance.evidence_files(desk) == []


def test_a_desk_that_dies_before_it_has_looked_looks_when_it_is_back(game: Game, monkeypatch: Any) -> None:
    game.ready()
    game.log(Kind.BOX_OPEN, BoxOpen(box=game.box, deposits=(game.deposits[0],)))
    desk = game.stage.desks[0]
    with monkeypatch.context() as patch:
        patch.setattr("good_offices.desk.boxes.look", lambda *_: None)
        desk.sync()
    assert assurance.evidence_files(desk) == []
    seen_by(game.stage.reopen(desk), "box-opened-wrongly")


def test_an_honest_box_convicts_nobody(game: Game) -> None:
    game.ready()
    notes = tuple(take(desk, game.box, one) for desk, one in zip(game.desks, game.deposits, strict=True))
    (end,) = game.shown(Kind.BOX_OPEN)
    commits = tuple(game.shown(Kind.BOX_COMMIT))
    for claim in (
        Opening(commits=commits, end=end),
        Opening(commits=commits[:1], end=end),
        Voiding(end=end, receipts=notes),
        Ends(first=end, second=end),
    ):
        with pytest.raises(RemoteError) as refused:
            BoxEvidence.of(game.founding(), claim)
        assert refused.value.code == "box-unproved"


def test_a_host_that_opens_before_it_has_all_deposits_is_convicted(game: Game) -> None:
    game.ready()
    take(game.desks[0], game.box, game.deposits[0])
    game.log(Kind.BOX_OPEN, BoxOpen(box=game.box, deposits=(game.deposits[0],)))
    (end,) = game.shown(Kind.BOX_OPEN)
    told = game.convict(Opening(commits=(game.shown(Kind.BOX_COMMIT)[0],), end=end))
    assert "opened the box" in told
    assert game.box.hex() in told


@pytest.mark.parametrize("place", [0, 1])
def test_a_host_that_opens_one_side_with_a_forged_deposit_is_convicted(game: Game, place: int) -> None:
    game.ready()
    take(game.desks[0], game.box, game.deposits[0])
    given = list(game.deposits)
    given[place] = deposits(2, game.box)[place]
    game.log(Kind.BOX_OPEN, BoxOpen(box=game.box, deposits=tuple(given)))
    (end,) = game.shown(Kind.BOX_OPEN)
    commits = game.shown(Kind.BOX_COMMIT)
    # The one commitment whose deposit was exchanged is enough; the other proves nothing.
    game.convict(Opening(commits=(commits[place],), end=end))
    with pytest.raises(RemoteError) as refused:
        game.convict(Opening(commits=(commits[1 - place],), end=end))
    assert refused.value.code == "box-unproved"


def test_a_host_that_opens_what_does_not_fit_is_convicted(stage: Stage) -> None:
    game = Game(stage, fit=False)
    game.ready()
    for desk, one in zip(game.desks, game.deposits, strict=True):
        take(desk, game.box, one)
    (end,) = game.shown(Kind.BOX_OPEN)
    game.convict(Opening(commits=tuple(game.shown(Kind.BOX_COMMIT)), end=end))


@pytest.mark.parametrize("reason", ["time", "differ"])
def test_a_host_that_voids_a_box_for_which_all_hold_receipts_is_convicted(game: Game, reason: Any) -> None:
    game.ready()
    # It says that it holds them, and closes the box all the same.
    notes = tuple(
        game.stage.host.deposit_receipt(game.box, one, given)
        for one, given in zip(game.parties, game.deposits, strict=True)
    )
    for desk, note, given in zip(game.desks, notes, game.deposits, strict=True):
        game.stage.host.cheats["boxes"] = lambda *_, note=note: pages.DepositReceipt(note=note)
        game.stage.host.deposits.clear()  # else its honest part would open the box
        assert take(desk, game.box, given) == note
    game.log(Kind.BOX_VOID, BoxVoid(box=game.box, reason=reason))
    (end,) = game.shown(Kind.BOX_VOID)
    more = {}
    if reason == "differ":
        more = {"commits": tuple(game.shown(Kind.BOX_COMMIT)), "deposits": tuple(game.deposits)}
    assert "closed it instead of opening it" in game.convict(Voiding(end=end, receipts=notes, **more))
    for claim in (
        Voiding(end=end, receipts=notes[:1], **more),
        Voiding(end=end, receipts=(notes[0], notes[0]), **more),
        Voiding(end=end, receipts=notes[::-1], **more),
    ):
        with pytest.raises(RemoteError):
            game.convict(claim)
    if reason == "differ":
        with pytest.raises(RemoteError) as refused:
            game.convict(Voiding(end=end, receipts=notes))
        assert refused.value.code == "box-unproved"


def test_a_box_that_was_void_since_deposits_differ_convicts_nobody(stage: Stage) -> None:
    game = Game(stage, fit=False)
    game.ready()
    notes = tuple(
        stage.host.deposit_receipt(game.box, one, given)
        for one, given in zip(game.parties, game.deposits, strict=True)
    )
    game.log(Kind.BOX_VOID, BoxVoid(box=game.box, reason="differ"))
    (end,) = game.shown(Kind.BOX_VOID)
    commits = tuple(game.shown(Kind.BOX_COMMIT))
    with pytest.raises(RemoteError) as refused:
        game.convict(Voiding(end=end, receipts=notes, commits=commits, deposits=tuple(game.deposits)))
    assert refused.value.code == "box-unproved"


@pytest.mark.parametrize("other", ["time", "differ", "open"])
def test_a_host_that_ends_a_box_twice_is_convicted(game: Game, other: Any) -> None:
    game.ready()
    take(game.desks[0], game.box, game.deposits[0])
    take(game.desks[1], game.box, game.deposits[1])
    if other == "open":
        game.log(Kind.BOX_OPEN, BoxOpen(box=game.box, deposits=tuple(game.deposits)))
        first, second = game.shown(Kind.BOX_OPEN)
    else:
        game.log(Kind.BOX_VOID, BoxVoid(box=game.box, reason=other))
        (first,), (second,) = game.shown(Kind.BOX_OPEN), game.shown(Kind.BOX_VOID)
    assert "twice" in game.convict(Ends(first=first, second=second))
    with pytest.raises(RemoteError) as refused:
        game.convict(Ends(first=second, second=first))
    assert refused.value.code == "box-unproved"


@pytest.mark.parametrize("cheat", ["box", "delegation", "deposit", "key", "checkpoint", "nothing"])
def test_a_receipt_for_something_else_is_not_taken(game: Game, cheat: str) -> None:
    game.ready()
    host, desk, given = game.stage.host, game.desks[0], game.deposits[0]
    ours, theirs = game.parties
    note = {
        "box": lambda: host.deposit_receipt(bytes(32), ours, given),
        "delegation": lambda: host.deposit_receipt(game.box, theirs, given),
        "deposit": lambda: host.deposit_receipt(game.box, ours, b"another"),
        "key": lambda: host.deposit_receipt(game.box, ours, given)[:-8] + b"AAAAAA=\n",
        "checkpoint": lambda: host.log("", host.common).note(),
        "nothing": lambda: b"",
    }[cheat]()
    host.cheats["boxes"] = lambda *_: pages.DepositReceipt(note=note)
    with pytest.raises(RemoteError) as refused:
        take(desk, game.box, given)
    assert refused.value.code in ("receipt-invalid", "signature-invalid", "signature-lines", "not-canonical")
    host.cheats.clear()
    assert desk.common.ledger.keys.open_deposit(take(desk, game.box, given)).box == game.box


def test_a_deposit_receipt_is_no_checkpoint_and_a_checkpoint_no_receipt(game: Game) -> None:
    host, keys = game.stage.host, game.desks[0].common.ledger.keys
    note = host.deposit_receipt(game.box, game.parties[0], b"x")
    for read in (keys.open, keys.open_ed25519, keys.open_evidence):
        with pytest.raises(RemoteError):
            read(note)
    for checkpoint in (host.log("", host.common).note(), keys.seen_note(game.desks[0].common.ledger.seen())):
        with pytest.raises(RemoteError):
            keys.open_deposit(checkpoint)


def test_a_host_that_takes_no_deposit_is_noticed_and_asked_again(game: Game) -> None:
    game.ready()
    problem = pages.Problem(code="venue-busy", message="", remedy="")
    game.stage.host.cheats["boxes"] = lambda *_: Response(503, pack(problem))
    with pytest.raises(OperationalError) as refused:
        take(game.desks[0], game.box, game.deposits[0])
    assert refused.value.code == "venue-overloaded"
    game.stage.host.cheats.clear()
    take(game.desks[0], game.box, game.deposits[0])


def test_by_courier_nothing_is_deposited(game: Game) -> None:
    game.ready()
    game.desks[0].talk_by(courier=True)
    with pytest.raises(LocalError) as refused:
        take(game.desks[0], game.box, game.deposits[0])
    assert refused.value.code == "by-courier"
    assert not any("/boxes/" in one.target for one in game.stage.host.asked)


@pytest.mark.parametrize("why", ["box-closed", "box-committed", "box-differs", "box-not-yours", "boxes-full"])
def test_a_commitment_that_has_no_place_blocks_nothing(game: Game, why: str) -> None:
    """The box has ended meanwhile: what waits behind the commitment goes out."""
    desk = game.desks[0]
    problem = pages.Problem(code=why, message="", remedy="")
    game.stage.host.cheats["append"] = lambda *_: Response(409, pack(problem))
    game.commit(0)
    assert desk.outgoing() == []
    with pytest.raises(OperationalError):
        game.stage.say(desk, "Words.")
    assert len(desk.outgoing()) == 1
    game.stage.host.cheats.clear()
    desk.sync()
    assert desk.outgoing() == []
