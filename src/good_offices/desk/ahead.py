"""Asking the rules about an act behind those that still wait.

This module decides what "posted now and next" means while the outbox is not empty: next after everything that waits for
the same register. It never changes the state that the desk shows: that comes from the register alone.

1. The waiting acts are judged on a copy of the state, as if they arrived next, in their order.
2. What comes between them from others nobody can know; the verdict is the register's, then as always.
3. A closing record must also say what is on record at its turn, whoever signed it first: every act of a desk passes here,
   so nobody signs one unawares, by whatever verb.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from good_offices.desk.closing import check_present
from good_offices.encoding import unpack
from good_offices.register.leaf import Kind, Leaf
from good_offices.register.tree import Tree
from good_offices.seals.envelope import open_envelope
from good_offices.talks.acts import Act, SignedAct
from good_offices.talks.caucus import CaucusReplay
from good_offices.talks.entries import Aside, Content, Entry, Opened
from good_offices.talks.events_outcome import ClosingRecordSigned
from good_offices.talks.papers import read_aside
from good_offices.talks.replay import CommonReplay

if TYPE_CHECKING:
    from good_offices.desk.desk import Desk


def check_in_turn(desk: Desk, room: str, act: Act) -> None:
    """Pass if the act, posted behind what waits, would be valid (rules 1 and 3).

    Raises:
        LocalError: the code with which it would be void; as `WithoutEffectError` if it would have no effect;
            `closing-differs`.
    """
    judge = _in_turn(desk, room)
    judge.check(act)
    if isinstance(judge, CommonReplay) and isinstance(act.event, ClosingRecordSigned):
        check_present(judge, act.event.record)


def waiting_acts(desk: Desk, room: str) -> list[Act]:
    """Return this desk's own acts in a room that wait to be sent, in order."""
    tree = Tree()
    found = []
    for one in desk.outgoing():
        if one.act is None or one.room != desk.room_id(room):
            continue
        for kind, body in zip(one.kinds, one.bodies, strict=True):
            content = _next(desk, tree, body).content if kind == Kind.ENVELOPE else None
            if isinstance(content, Opened) and content.act is not None:
                found.append(content.act)
    return found


def _in_turn(desk: Desk, room: str) -> CommonReplay | CaucusReplay:
    """Return the rules' view of a room behind what waits."""
    ledger = desk.book(room).ledger
    waiting = [
        body
        for one in desk.outgoing()
        if one.register == ledger.register
        for kind, body in zip(one.kinds, one.bodies, strict=True)
        if kind == Kind.ENVELOPE
    ]
    if not waiting:
        return desk.home if room == "caucus" else desk.talks
    tree = Tree.from_leaves(ledger.leaves())
    ahead: CommonReplay | CaucusReplay
    if room == "caucus":
        ahead = CaucusReplay.restored(desk.home.snapshot(), desk.talks, tree)
    else:
        ahead = CommonReplay.restored(desk.talks.snapshot(), tree)
    for body in waiting:
        ahead.apply(_next(desk, tree, body))
    return ahead


def _next(desk: Desk, tree: Tree, body: bytes) -> Entry:
    """Return a waiting envelope of our own as the next entry of a tree, which then has it."""
    leaf = Leaf.of(Kind.ENVELOPE, 0, body)
    index = tree.append(leaf.hash)
    fit = desk.epochs.fit(body)
    content: Content = None
    if fit is not None:
        inside = open_envelope(body, fit.key)
        aside = read_aside(inside)
        if aside is not None:
            content = Aside(aside.room, aside)
        else:
            signed = unpack(inside, SignedAct, what="an act")
            act = signed.opened()
            content = Opened(room=act.room, act=act, act_hash=signed.hash)
    return Entry(index=index, leaf_hash=leaf.hash, kind=int(leaf.kind), time=leaf.time_ms, content=content)
