"""A finding for people and for programs: plain text, and the values of `verify --json`.

This module decides presentation (spec/outcome.md section 10). It never adds a claim to a finding.

1. What a file says of names, titles and places is printed on one line each and without invisible characters, so that no
   file can print a line that looks like a verdict.
2. The texts come last, each under its rule.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from good_offices.instrument.finding import Finding, Signed

_HOW: Final = {
    "initialled": "initialled",
    "ad-referendum": "signed ad referendum",
    "signed": "signed",
}
# Line ends and tabs, and the joiners that some orthographies need (spec/encoding.md section 4.2).
_KEPT: Final = "\n\t\u200c\u200d"
_RULE: Final = "-" * 72


def as_json(finding: Finding) -> dict[str, Any]:
    """Return the finding as plain values, under the names that `verify --json` prints."""
    values = asdict(finding)
    for one in values["signatories"]:
        for name in ("first_how", "confirmed", "basis"):
            del one[name]
    # Who initials authenticates the text (VCLT 10) and is bound by nothing: no signatory.
    values["initials"] = [one for one in values["signatories"] if one["how"] == "initialled"]
    values["signatories"] = [one for one in values["signatories"] if one["how"] != "initialled"]
    values["deposit"] = values["deposits"][0] if values["deposits"] else None
    return {name: list(one) if isinstance(one, tuple) else one for name, one in values.items()}


def as_text(finding: Finding, *, language: str | None = None) -> str:
    """Return the finding as lines for a terminal; the text in one language, or in all if none is named."""
    lines = [*_verdict(finding), *_numbers(finding)]
    signed = tuple(one for one in finding.signatories if one.how != "initialled")
    lines += _marks("Signatories", signed)
    lines += _marks("Initialled by", tuple(one for one in finding.signatories if one not in signed))
    lines += ["", "Deposit"] if finding.deposits else []
    lines += [
        f"  {_line(one.instrument)}: deposited with {_line(one.depositary)}, "
        f"{_line(one.place) or 'no place named'} (entry {one.index})"
        for one in finding.deposits
    ]
    if finding.agenda:
        lines += ["", "Agenda", *(f"  {_line(title)}" for title in finding.agenda)]
    if finding.statements:
        lines += ["", "Disclosed"]
        lines += [
            f"  {_line(one.name)}, for {_line(one.delegation)} "
            f"({one.event}, entry {one.index}): {_line(one.text)}".rstrip(": ")
            for one in finding.statements
        ]
    lines += _claims("This proves", finding.proves)
    lines += _claims("This does not prove", finding.does_not_prove)
    for name, text in finding.text.items():
        if language in (None, name):
            lines += ["", _RULE, f"Text ({name})", _RULE, _visible(text.rstrip("\n"))]
    return "\n".join(lines) + "\n"


def _marks(title: str, marks: tuple[Signed, ...]) -> list[str]:
    """Return who signed or initialled, under a title."""
    lines = []
    for one in marks:
        confirmed = f", confirmed (entry {one.confirmed})" if one.confirmed is not None else ""
        lines.append(
            f"  {_line(one.name)}, {_line(one.capacity)}, for {_line(one.delegation)}: "
            f"{_HOW[one.first_how or one.how]} {_line(one.instrument)} "
            f"(entry {one.index}, {when(one.claimed_ms)} by the author's clock){confirmed}"
        )
        if one.basis:
            lines.append(f"    full powers: {_line(one.basis)}")
    return ["", title, *lines] if lines else []


def _line(text: str) -> str:
    """Return a value from a file on one line, visibly (rule 1)."""
    return " ".join(_visible(text).split())


def _visible(text: str) -> str:
    """Return a text with U+FFFD for what a terminal would obey and not show."""
    return "".join(one if one.isprintable() or one in _KEPT else "\ufffd" for one in text)


def when(milliseconds: int) -> str:
    """Return a claimed time in UTC, to the minute; as a number if no calendar has it."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError, OSError):
        return f"{milliseconds} ms"


def _verdict(finding: Finding) -> list[str]:
    """Return the first lines: whether it holds, and how far to trust it."""
    if finding.failed:
        return [f"NOT VALID: {_line(finding.failed.what)}", f"hint: {finding.failed.remedy}"]
    if finding.trust == "established":
        return ["VALID, by roots that you have compared"]
    return [
        "CONSISTENT IN ITSELF; whose it is, is not established",
        "compare these numbers with the parties:",
    ]


def _numbers(finding: Finding) -> list[str]:
    """Return the numbers that people compare."""
    rows = [("talks", finding.talks), ("number", finding.number), ("host", finding.host)]
    lines = [f"  {name}: {value}" for name, value in rows if value]
    for one in finding.roots:
        lines.append(f"  root of {_line(one.name)}: {one.root}" + (" (known)" if one.trusted else ""))
        if one.now != one.root:
            lines.append(f"    succeeded by: {one.now}")
    lines += [f"  cosigned by desk {one.desk} of {_line(one.delegation)}" for one in finding.cosigned_by]
    return lines


def _claims(title: str, claims: tuple[str, ...]) -> list[str]:
    """Return a list of sentences under a title."""
    return ["", title, *(f"  - {_line(one)}" for one in claims)] if claims else []
