"""The long run, `make indistinguishable`: can who holds the venue's disk and wire, or the other delegation, tell our marks?

    python -m tests.indistinguishable gather [NAME ...]     play what is missing of these questions (all, if none is named)
    python -m tests.indistinguishable judge [NAME ...]      judge what was gathered, print it, and fail if it is not as it must be
    python -m tests.indistinguishable                       both

Rows lie in `.cache/indistinguishable/`, one file for each question; remove the folder to begin anew. They hold all numbers, for
whoever wants to try another classifier. Honest desks must not be told apart: the interval contains 0.5 and no single number stands
out at p < 0.01. By chance alone that fails about once in twenty runs a question; then a run of twice the size decides. Every spoilt
desk must be found: its interval lies above 0.5. Else the test would see nothing.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NamedTuple

from tests.indistinguishable import closed_chunks, counterparty
from tests.indistinguishable.classifying import Judged, judge
from tests.indistinguishable.gathering import LANES, gather, group, rows

from good_offices.soundings import pair

FOLDER = Path(__file__).parent.parent.parent / ".cache" / "indistinguishable"


class Question(NamedTuple):
    """What is asked: of which rows, by which label, with how many samples, and whether it must be found."""

    name: str
    asks: str
    file: str
    label: str
    count: int
    found: bool
    spoilt: str = ""
    lanes: int = LANES
    case: str = "options"


def _honest(case: str, found: str, count: int, lanes: int = LANES) -> tuple[Question, ...]:
    """Return what is asked of the host about honest desks in another case: of their marks, and of files."""
    asked = {
        case: ("world", f"host, {case}: {found}"),
        f"{case} files": ("told", f"host, {case}: were desks handed marks files (of any content), or none"),
    }
    return tuple(
        Question(name, asks, case, label, count, found=False, lanes=lanes, case=case)
        for name, (label, asks) in asked.items()
    )


QUESTIONS = (
    Question(
        "marks", "host: both accept one same option, or nobody anything", "honest", "world", 160, found=False
    ),
    Question(
        "files",
        "host: were desks handed marks files (of any content), or none",
        "honest",
        "told",
        160,
        found=False,
    ),
    *_honest("packages", "a match in one of four chunks, or none in any", 160),
    *_honest("range", "the ranges touch, or they do not", 120),
    *_honest("three", "all three accept one option, or nobody anything", 120, lanes=4),
    Question(
        "padding",
        "host: step 1 longer by 64 bytes an accepted option",
        "padding",
        "world",
        24,
        found=True,
        spoilt="padding",
    ),
    Question(
        "pause",
        "host: step 1 later by 30 ms an accepted option, four accepted",
        "pause",
        "world",
        40,
        found=True,
        spoilt="pause",
        lanes=4,
    ),
    Question(
        "sync", "host: one reading more when a file has come", "sync", "told", 32, found=True, spoilt="sync"
    ),
    Question(
        "halt",
        "host, packages: desks that fill no box after the first match, four accepted",
        "halt",
        "world",
        24,
        found=True,
        spoilt="halt",
        case="packages",
    ),
    Question(
        "mark",
        "other delegation: did we accept an option that it rejected",
        "core",
        "world",
        2000,
        found=False,
    ),
    Question(
        "closed chunk",
        "other delegation: did we accept a package that it accepts, in a chunk that no box opened",
        "core-closed",
        "world",
        1000,
        found=False,
    ),
    Question(
        "opened chunk",
        "other delegation: the box after a match opens the chunk and not its blank",
        "core-opened",
        "world",
        100,
        found=True,
    ),
    Question(
        "common no",
        "other delegation: one base of refusal for both places",
        "core-common",
        "world",
        100,
        found=True,
    ),
)


def main(arguments: list[str]) -> int:
    """Gather, judge, or both; return what the process ends with."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    verb, names = (arguments[0], arguments[1:]) if arguments else ("", [])
    if verb in ("", "gather"):
        _gather(names)
    return _judge(names) if verb in ("", "judge") else 0


def _gather(names: list[str]) -> None:
    for one in QUESTIONS:
        file = FOLDER / f"{one.file}.jsonl"
        missing = one.count - len(rows(file))
        if missing <= 0 or (names and one.name not in names):
            continue
        print(f"{one.name}: {missing} samples", flush=True)
        if one.file.startswith("core"):
            _gather_core(file, missing, one.file)
        else:
            seed = 1 + len(rows(file))
            gather(missing, one.spoilt, file, seed=seed, case=one.case, lanes=one.lanes)


def _gather_core(file: Path, count: int, what: str) -> None:
    honest, seed = pair.NO, 1 + len(rows(file))
    try:
        if what == "core-common":
            pair.NO = counterparty.common_no()
        made = {
            "core-closed": lambda: closed_chunks.samples(count, seed),
            "core-opened": lambda: closed_chunks.samples(count, seed, opens=True),
        }.get(what, lambda: counterparty.samples(count, seed))
        with file.open("a") as lines:
            for world, numbers in made():
                lines.write(json.dumps({"world": world, "numbers": numbers}) + "\n")
    finally:
        pair.NO = honest


def _judge(names: list[str]) -> int:
    wrong = 0
    for one in QUESTIONS:
        if names and one.name not in names:
            continue
        played = rows(FOLDER / f"{one.file}.jsonl")
        if len(played) < one.count:
            print(f"{one.name}: NOT RUN, {len(played)} of {one.count} samples are there")
            wrong += 1
            continue
        # Runs of the core are drawn in pairs, one after another.
        groups = [group(row) if "seed" in row else at // 2 for at, row in enumerate(played)]
        result = judge([row["numbers"] for row in played], [int(row[one.label]) for row in played], groups)
        _tell(one, result, played)
        is_right = result.is_told if one.found else result.is_alike
        print("  " + ("as it must be" if is_right else "NOT AS IT MUST BE"), flush=True)
        wrong += not is_right
    return min(wrong, 1)


def _tell(one: Question, result: Judged, played: list[dict]) -> None:
    print(f"\n{one.name} -- {one.asks}")
    print(
        f"  {result.samples} samples, {result.ones} of world 1; {result.numbers} numbers, {result.same} more the same in all"
    )
    if "mutual" in played[0]:
        print(f"  runs in which both desks found what was marked: {_agreed(played)} of {len(played)}")
    for name, (area, low, high) in result.areas.items():
        print(f"  AUC {name:11} {area:.3f}  [{low:.3f}, {high:.3f}]")
    print(f"  p, labels shuffled: {result.p:.3f} (linear and neighbours)")
    print(
        f"  best single number: {result.best!r}, AUC {result.best_area:.3f}, p {result.best_p:.3f} corrected"
    )


def _agreed(played: list[dict]) -> int:
    return sum(
        row["mutual"] is not None and len(row["mutual"]) == row.get("accepted", row["world"])
        for row in played
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
