"""Make the vectors of soundings among three and of ranges (spec/soundings.md sections 7 and 8).

    python -m spec.vectors.make_sounding_runs

Seeds come from labels, so every run makes the same files. How secrets follow from a seed is each implementation's: what another
must reproduce are what messages bind themselves to, verdicts and results; its own messages must pass here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec import structs
from spec.vectors.make_soundings import changed, put
from tests.support.soundings import Coursed

from good_offices.encoding import pack, unpack
from good_offices.register.box import ScalarDeposit
from good_offices.seals import group
from good_offices.soundings.context import Kind
from good_offices.soundings.course import Choice

HERE = Path(__file__).parent / "soundings"
MARKS: list[Choice] = [
    (True, True, False, True),
    (True, False, True, True),
    (True, True, True, False),
]
TICKS = 5
RANGES: dict[str, list[Choice]] = {
    "they meet at one tick": [(2, 4), (0, 2)],
    "one lies in the other": [(1, 2), (0, 4)],
    "they miss each other by a tick": [(0, 1), (2, 4)],
    "place 1 lies below": [(3, 4), (0, 2)],
    "place 0 refuses": [None, (0, 4)],
    "place 1 refuses": [(0, 4), None],
    "both refuse": [None, None],
}


def played(kind: Kind, size: int, choices: Sequence[Choice]) -> tuple[Coursed, dict[str, Any]]:
    """Return a run and what a file says of it: context, choices, seeds, messages, what the box opens, the result."""
    run = Coursed(kind, size, choices).play()
    (deposits,) = run.boxes().values()
    result = run.found()
    found = {"overlap": result.overlap} if kind == "range" else {"mutual": list(result.mutual)}
    return run, {
        "context": pack(run.run.context).hex(),
        "ctx": run.run.ctx.hex(),
        "choices": [list(one) if one is not None else None for one in choices],
        "seeds": [side.seed.hex() for side in run.sides],
        "messages": [
            {
                "step": step,
                "place": place,
                "binds": run.courses[0].binds(step).hex(),
                "message": run.said[step, place].hex(),
            }
            for step, place in run.steps
        ],
        "deposits": [one.hex() for one in deposits],
        **found,
    }


def put_scalar(message: bytes, at: int) -> bytes:
    """Return a message with another scalar at a multiple of 32 bytes."""
    return changed(message, at, scalar=True)


def exchanged(message: bytes, one: int, other: int, count: int = 1) -> bytes:
    """Return a message with two runs of `count` values exchanged."""
    first = message[32 * one : 32 * (one + count)]
    second = message[32 * other : 32 * (other + count)]
    for offset in range(count):
        message = put(message, one + offset, second[32 * offset : 32 * offset + 32])
        message = put(message, other + offset, first[32 * offset : 32 * offset + 32])
    return message


def forms(step: int, place: int, message: bytes, at: int) -> list[tuple[str, int, int, bytes, str]]:
    """Return what no message of a step may be; an element stands at `at`."""
    return [
        ("a byte more", step, place, message + b"\0", "sounding-form"),
        ("a byte less", step, place, message[:-1], "sounding-form"),
        ("the identity", step, place, put(message, at, bytes(32)), "sounding-form"),
        ("not canonical", step, place, put(message, at, b"\xff" * 32), "sounding-form"),
    ]


def cases(made: list[tuple[str, int, int, bytes, str]]) -> list[dict[str, Any]]:
    """Return refused messages as a file has them; the messages of the steps before are those of the run."""
    return [
        {"name": f"step {step}: {name}", "step": step, "place": place, "message": raw.hex(), "verdict": code}
        for name, step, place, raw, code in made
    ]


def three() -> dict[str, Any]:
    """Return a run of three with what must be refused in it."""
    run, told = played("options", len(MARKS[0] or ()), MARKS)
    size, said = run.run.size, run.said
    one, two, sums, shares = (said[step, 0] for step in (1, 2, 3, 4))
    proof = "sounding-proof"
    told["refused"] = cases(
        [
            *forms(1, 0, one, 0),
            ("the key of another", 1, 1, one, proof),
            ("another y", 1, 0, changed(one, 0), proof),
            ("another response", 1, 0, put_scalar(one, 2), proof),
            *forms(2, 0, two, 1),
            ("the marks of another", 2, 1, two, proof),
            ("another challenge", 2, 0, put_scalar(two, 0), proof),
            ("another A", 2, 0, changed(two, 1), proof),
            ("another B: a rejection more", 2, 0, changed(two, 2), proof),
            ("options exchanged", 2, 0, exchanged(two, 1, 3, 2), proof),
            ("another c_0", 2, 0, put_scalar(two, 1 + 2 * size), proof),
            ("another r_1 of the last option", 2, 0, put_scalar(two, 5 * size), proof),
            *forms(3, 0, sums, 0),
            ("the sums of another", 3, 1, sums, proof),
            ("another A'", 3, 0, changed(sums, 0), proof),
            ("another B'", 3, 0, changed(sums, 1), proof),
            ("A' and B' exchanged", 3, 0, exchanged(sums, 0, 1), proof),
            ("another response of the last option", 3, 0, put_scalar(sums, 3 * size), proof),
            *forms(4, 0, shares, 0),
            ("the shares of another", 4, 1, shares, proof),
            ("another E", 4, 0, changed(shares, 0), proof),
            ("another V", 4, 0, changed(shares, 1), proof),
            ("another W", 4, 0, changed(shares, 6), proof),
            ("W exchanged", 4, 0, exchanged(shares, 6, 7), proof),
            ("another response of the batch", 4, 0, put_scalar(shares, 5), proof),
        ]
    )
    told["boxes_refused"] = boxes(run)
    return told


def ranges() -> dict[str, Any]:
    """Return runs of ranges, and what must be refused in the first."""
    runs = {name: played("range", TICKS, choices) for name, choices in RANGES.items()}
    run, _ = next(iter(runs.values()))
    said, count = run.said, 2 * TICKS
    rows, picks, blinded, shares = said[2, 1], said[3, 0], said[4, 0], said[5, 0]
    # Another row, made as well as a run of its own makes it, is what a pick must not be taken to another of.
    other = Coursed("range", TICKS, [(2, 4), (1, 3)]).play((3, 0))
    proof = "sounding-proof"
    refused = [
        *forms(2, 1, rows, 1),
        ("another challenge", 2, 1, put_scalar(rows, 0), proof),
        ("another A", 2, 1, changed(rows, 1), proof),
        ("ticks exchanged", 2, 1, exchanged(rows, 1, 3, 2), proof),
        ("rows exchanged", 2, 1, exchanged(rows, 1, 1 + count, count), proof),
        ("another proof of the sum of the second row", 2, 1, put_scalar(rows, 3 * count + 1 + count), proof),
        ("another proof of the sum of the first row", 2, 1, put_scalar(rows, len(rows) // 32 - 1), proof),
        *forms(3, 0, picks, 0),
        ("another P", 3, 0, changed(picks, 1), proof),
        ("P and Q exchanged", 3, 0, exchanged(picks, 0, 2, 2), proof),
        ("another response of the last branch", 3, 0, put_scalar(picks, len(picks) // 32 - 1), proof),
        ("picked from other rows", 3, 0, other.said[3, 0], proof),
        *forms(4, 0, blinded, 0),
        ("of the other", 4, 1, blinded, proof),
        ("another B'", 4, 0, changed(blinded, 1), proof),
        *forms(5, 0, shares, 0),
        ("of the other", 5, 1, shares, proof),
        ("another W", 5, 0, changed(shares, 6), proof),
    ]
    return {
        "runs": [{"name": name, **told} for name, (_, told) in runs.items()],
        "refused": cases(refused),
        "boxes_refused": boxes(run),
    }


def boxes(run: Coursed) -> list[dict[str, Any]]:
    """Return boxes that were opened and give no result: a scalar is not that of its element."""
    (deposits,) = run.boxes().values()
    read = unpack(deposits[-1], ScalarDeposit)
    wrong = {
        "another scalar": group.add(group.scalar(read.scalar), group.small(1)),
        "zero": bytes(32),
        "the order": group.ORDER.to_bytes(32, "little"),
    }
    return [
        {
            "name": name,
            "deposits": [
                *(one.hex() for one in deposits[:-1]),
                pack(structs.replace(read, scalar=bytes(scalar))).hex(),
            ],
            "place": len(deposits) - 1,
            "verdict": "sounding-box",
        }
        for name, scalar in wrong.items()
    ]


def main() -> None:
    """Write the files."""
    HERE.mkdir(exist_ok=True)
    for name, make in {"three": three, "range": ranges}.items():
        text = json.dumps({"spec": "spec/soundings.md", name: make()}, indent=1)
        (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
