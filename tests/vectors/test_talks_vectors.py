"""Golden logs: stored registers of talks give the stored verdicts and states (spec/talks.md)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from good_offices.encoding import unpack
from good_offices.register.box import read_box
from good_offices.register.genesis import Genesis
from good_offices.register.leaf import Kind
from good_offices.register.tree import Tree
from good_offices.talks.acts import Act, SignedAct, act_hash
from good_offices.talks.credentials import Introduction
from good_offices.talks.replay import CommonReplay, Entry, Opened

FILES = sorted((Path(__file__).parents[2] / "spec/vectors/talks").glob("*.json"))


def content_of(row: dict[str, Any], replay: CommonReplay) -> Any:
    if "genesis" in row:
        return Genesis.parse(bytes.fromhex(row["genesis"]))
    if "introduction" in row:
        introduction = unpack(bytes.fromhex(row["introduction"]), Introduction)
        introduction.verify()
        return introduction
    if "signed_act" in row:
        signed = unpack(bytes.fromhex(row["signed_act"]), SignedAct)
        act = signed.opened()
        signed.verify(replay.certificate(act.author).act)
        return Opened(row["room"], act, signed.hash, row["problem"])
    if "act" in row:
        data = bytes.fromhex(row["act"])
        return Opened(row["room"], unpack(data, Act), act_hash(data), row["problem"])
    if "box" in row:
        return read_box(Kind(row["kind"]), bytes.fromhex(row["box"]))
    return None


def test_there_are_vectors() -> None:
    assert {path.stem for path in FILES} == {
        "opening",
        "crossing",
        "course",
        "outcome",
        "five",
        "settling",
        "powers",
        "groups",
        "sounding",
        "sounding_of_three",
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_stored_register_replays_to_the_stored_states(path: Path) -> None:
    document = json.loads(path.read_text())
    tree = Tree()
    replay = CommonReplay(tree)
    for row in document["entries"]:
        leaf = bytes.fromhex(row["leaf_hash"])
        tree.append(leaf)
        content = content_of(row, replay)
        verdict = replay.apply(Entry(row["index"], leaf, row["kind"], 0, content))
        told = row["verdict"]
        assert (verdict.room, verdict.status, verdict.code) == (
            told.get("room", ""),
            told.get("status", "none"),
            told.get("code"),
        ), row["index"]
        assert verdict.facts == told.get("facts", {})
        assert [type(one).__name__ for one in verdict.effects] == told["effects"]
        for room, state in row["state"].items():
            assert replay.state_hash(room, replay.size).hex() == state, row["index"]
