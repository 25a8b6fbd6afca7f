"""Make the vectors of soundings between two delegations (spec/soundings.md sections 1 to 6).

    python -m spec.vectors.make_soundings

Seeds come from labels, so every run makes the same files. How secrets follow from a seed is each implementation's: what
another must reproduce are hashes, bases, verdicts and results; its own messages must pass here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.support.soundings import Chunked, Played, context, digest

from good_offices.encoding import pack
from good_offices.seals import group
from good_offices.soundings import packages
from good_offices.soundings.context import Listed, Option, Run, Scale
from good_offices.soundings.pair import NO, YES

HERE = Path(__file__).parent / "soundings"
MARKS = [[True, True, False, False, True], [True, False, True, False, True]]


def lists() -> list[dict[str, Any]]:
    """Return lists with their hashes."""
    times = {"closes": 1_800_000_000_000, "pace": 60_000, "until": 1_800_086_400_000}
    options = [
        Option(words={"en": "At the level of ministers", "fr": "Au niveau des ministres"}, value="ministers"),
        Option(words={"en": "At the level of officials", "fr": "Au niveau des hauts fonctionnaires"}),
    ]
    subject = {"en": "At which level to meet", "fr": "À quel niveau se rencontrer"}
    made = [
        Listed(kind="options", about="level", subject=subject, options=options, **times),
        Listed(kind="packages", about="package", subject=subject, options=options, chunk=1, **times),
        Listed(
            kind="range",
            about="figure",
            subject={"en": "How many kilometres"},
            scale=Scale(least=-5, most=20, step=5, unit="km"),
            **times,
        ),
    ]
    return [{"list": pack(one).hex(), "size": one.size, "hash": one.hash.hex()} for one in made]


def run_of(both: Played) -> dict[str, Any]:
    """Return a run: context, ctx, bases, marks, seeds, messages, transcript."""
    run = both.run
    return {
        "context": pack(run.context).hex(),
        "ctx": run.ctx.hex(),
        "bases": {tag.decode(): [run.base(tag, at).hex() for at in range(run.size)] for tag in (YES, *NO)},
        "seeds": [side.seed.hex() for side in both.sides],
        "marks": [list(side.marks) for side in both.sides],
        "first": [one.hex() for one in both.first],
        "second": [one.hex() for one in both.second],
    }


def options() -> dict[str, Any]:
    """Return a run of options with what the box holds."""
    both = Played(MARKS)
    return {
        **run_of(both),
        "elements": [one.hex() for one in both.deposits[0].elements],
        "scalars": [one.scalar.hex() for one in both.deposits],
        "transcript": both.deposits[0].transcript.hex(),
        "mutual": both.opened(),
    }


def chunked() -> dict[str, Any]:
    """Return a run of packages with all its boxes."""
    both = Chunked(MARKS, 2)
    orders = [packages.order_deposit(side, both.firsts, both.seconds) for side in both.sides]
    boxes = [
        {
            "chunk": chunk,
            "elements": [one.hex() for one in deposits[0].elements],
            "scalars": [one.scalar.hex() for one in deposits],
            "transcript": deposits[0].transcript.hex(),
            "mutual": found,
        }
        for chunk, deposits, found in both.boxes()
    ]
    return {**run_of(both), "orders": [one.hex() for one in orders], "order": both.order, "boxes": boxes}


def orders() -> list[dict[str, Any]]:
    """Return orders drawn from nonces."""
    found = []
    for count in (1, 2, 7, 40):
        run = Run(context(count, "packages", 1))
        nonces = [digest(f"nonce {place} of {count}") for place in (0, 1)]
        found.append(
            {"chunks": count, "nonces": [one.hex() for one in nonces], "order": packages.order(run, nonces)}
        )
    return found


def put(message: bytes, at: int, new: bytes) -> bytes:
    """Return a message with another value at a multiple of 32 bytes."""
    return message[: 32 * at] + new + message[32 * at + 32 :]


def changed(message: bytes, at: int, *, scalar: bool = False) -> bytes:
    """Return a message with another value of the same kind at a multiple of 32 bytes."""
    raw = message[32 * at : 32 * at + 32]
    if scalar:
        return put(message, at, group.add(group.scalar(raw), group.small(1)))
    return put(message, at, group.plus(group.element(raw), group.GENERATOR))


def refused() -> dict[str, Any]:
    """Return messages of the run of options that must be refused, with place, step and code."""
    both, order = Played(MARKS), group.ORDER.to_bytes(32, "little")
    first, second, size = both.first[0], both.second[0], len(MARKS[0])
    cases = [
        ("mirrored", 1, 1, first, "sounding-proof"),
        ("another X", 0, 1, changed(first, 0), "sounding-proof"),
        ("another challenge", 0, 1, changed(first, 1, scalar=True), "sounding-proof"),
        ("another T", 0, 1, changed(first, 3), "sounding-proof"),
        ("another c_0", 0, 1, changed(first, 2 + size, scalar=True), "sounding-proof"),
        ("another r_1 of the last option", 0, 1, changed(first, 1 + 4 * size, scalar=True), "sounding-proof"),
        ("of another attempt", 0, 1, Played(MARKS, Run(context(size, attempt=1))).first[0], "sounding-proof"),
        ("X is the identity", 0, 1, put(first, 0, bytes(32)), "sounding-form"),
        ("T is not canonical", 0, 1, put(first, 2, (2**255 - 18).to_bytes(32, "little")), "sounding-form"),
        ("a scalar is zero", 0, 1, put(first, 2 + size, bytes(32)), "sounding-form"),
        ("a scalar is the order", 0, 1, put(first, 1, order), "sounding-form"),
        ("a byte more", 0, 1, first + b"\0", "sounding-form"),
        ("an option less", 0, 1, first[:-128], "sounding-form"),
        ("of the other place", 1, 2, second, "sounding-proof"),
        ("another E", 0, 2, changed(second, 0), "sounding-proof"),
        ("another V", 0, 2, changed(second, 1), "sounding-proof"),
        ("another response", 0, 2, changed(second, 3, scalar=True), "sounding-proof"),
        ("another response of the batch", 0, 2, changed(second, 5, scalar=True), "sounding-proof"),
        ("another W", 0, 2, changed(second, 6), "sounding-proof"),
        (
            "W exchanged",
            0,
            2,
            second[:192] + second[224:256] + second[192:224] + second[256:],
            "sounding-proof",
        ),
        ("W is the identity", 0, 2, put(second, 6, bytes(32)), "sounding-form"),
        ("a byte less", 0, 2, second[:-1], "sounding-form"),
    ]
    return {
        "context": pack(both.run.context).hex(),
        "first": [one.hex() for one in both.first],
        "cases": [
            {"name": name, "place": place, "step": step, "message": raw.hex(), "verdict": verdict}
            for name, place, step, raw, verdict in cases
        ],
    }


def main() -> None:
    """Write the files."""
    HERE.mkdir(exist_ok=True)
    made = {"lists": lists, "options": options, "packages": chunked, "orders": orders, "refused": refused}
    for name, make in made.items():
        text = json.dumps({"spec": "spec/soundings.md", name: make()}, indent=1)
        (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
