"""Make the test vectors of spec/text.md: run it from the root of the repository; it writes spec/vectors/text/."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from good_offices.encoding import pack
from good_offices.errors import LocalError
from good_offices.text.acts import table
from good_offices.text.importing import import_draft
from good_offices.text.model import Instrument, Unit, words_digest
from good_offices.text.notation import parse, print_runs
from good_offices.text.settling import Choice, settle

HERE = Path(__file__).parent / "text"

NOTATIONS = (
    "Each Party [shall][should][other] cooperate",
    "low-[carbon][emission]",
    r"[a]\|[b] {hole}[^1] \[literal\] \\",
    "[[net] zero [by 2050][by 2100]]",
    "[no text][move to article 9]",
    "a ] b",
    "a { b",
    r"a \ b",
)
SETTLINGS = (
    (["a [b][c] d"], {"u1.1": [1]}),
    (["a [b] [c] d"], {"u1.1": [], "u1.2": []}),
    (["a [b [c][d]] e"], {"u1.1": [0]}),
    (["[a] b", "[c]"], {"u1.1": [], "u2.1": []}),
    (["a [no text] b"], {"u1.1": [0]}),
    (["a [other] b"], {"u1.1": [0]}),
    (["Each [shall][should] go"], {"u1.1": [0, 1]}),
    (["a [b][c]"], {"u1.1": [1, 0]}),
    (["a [b][c]"], {"u1.1": [2]}),
)
DRAFTS = ("a [b\n\nlow-[carbon][emission] c] d", "a ] b\n\n[c", "1. [x[y]]\n\n    (a) z[^1]\n\n[^1]: n\n")


def instrument(texts: list[str]) -> Instrument:
    units = tuple(
        Unit(id=f"u{number}", kind="paragraph", label=f"{number}.", texts={"en": parse(text, f"u{number}.")})
        for number, text in enumerate(texts, 1)
    )
    return Instrument(id="t", titles={"en": "A text"}, authentic=("en",), units=units)


def notation(text: str) -> dict[str, Any]:
    try:
        unit = Unit(id="u1", kind="paragraph", texts={"en": parse(text, "u1.")})
    except LocalError as refused:
        return {"notation": text, "refused": refused.code, "position": refused.facts["position"]}
    return {"notation": text, "unit": pack(unit).hex(), "digest": unit.digest.hex()}


def settling(texts: list[str], choices: dict[str, list[int]]) -> dict[str, Any]:
    old = instrument(texts)
    case: dict[str, Any] = {"texts": texts, "choices": choices, "digest": old.digest.hex()}
    case |= {"outline": old.outline.hex(), "state": table(old).digest.hex()}
    case["en"] = [words_digest(unit, "en").hex() for unit in old.units]
    try:
        new = settle(old, [Choice(slot=slot, keep=tuple(keep)) for slot, keep in choices.items()])
    except LocalError as refused:
        return case | {"refused": refused.code}
    settled = {unit.id: print_runs(unit.texts["en"]) for unit in new.units}
    return case | {"settled": settled, "settled_digest": new.digest.hex()}


def draft(text: str) -> dict[str, Any]:
    read = import_draft(text, "md")
    orphans = [{"line": one.line, "column": one.column, "bracket": one.bracket} for one in read.orphans]
    counts = {"units": len(read.units), "pairs": read.pairs, "depth": read.depth, "orphans": orphans}
    return {"draft": text, **counts, "digest": read.to_instrument("en").digest.hex()}


def main() -> None:
    HERE.mkdir(exist_ok=True)
    files = {
        "notation": [notation(text) for text in NOTATIONS],
        "settling": [settling(texts, choices) for texts, choices in SETTLINGS],
        "drafts": [draft(text) for text in DRAFTS],
    }
    for name, cases in files.items():
        text = json.dumps({"specification": "spec/text.md", "cases": cases}, ensure_ascii=False, indent=1)
        (HERE / f"{name}.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
