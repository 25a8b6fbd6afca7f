"""A finding for people and for programs: plain text, and the values of `verify --json`.

This module decides presentation (spec/outcome.md section 10). It never adds a claim to a finding.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from good_offices.instrument.finding import Finding

_HOW: Final = {
    "initialled": "initialled",
    "ad-referendum": "signed ad referendum",
    "signed": "signed",
}
_RULE: Final = "-" * 72


def as_json(finding: Finding) -> dict[str, Any]:
    """Return the finding as plain values, under the names that `verify --json` prints."""
    values = asdict(finding)
    values["deposit"] = values["deposits"][0] if values["deposits"] else None
    return {name: list(one) if isinstance(one, tuple) else one for name, one in values.items()}


def as_text(finding: Finding, *, language: str | None = None) -> str:
    """Return the finding as lines for a terminal; the text in one language, or in all if none is named."""
    lines = [*_verdict(finding), *_numbers(finding)]
    if finding.signatories:
        lines += ["", "Signatories"]
        lines += [
            f"  {one.name}, {one.capacity}, for {one.delegation}: {_HOW[one.how]} {one.instrument} "
            f"(entry {one.index}, {when(one.claimed_ms)} by the author's clock)"
            for one in finding.signatories
        ]
    lines += [
        f"  deposited with {one.depositary}, {one.place or 'no place named'}" for one in finding.deposits
    ]
    if finding.agenda:
        lines += ["", "Agenda", *(f"  {title}" for title in finding.agenda)]
    if finding.statements:
        lines += ["", "Disclosed"]
        lines += [
            f"  {one.name}, for {one.delegation} ({one.event}, entry {one.index}): {one.text}".rstrip(": ")
            for one in finding.statements
        ]
    lines += _claims("This proves", finding.proves)
    lines += _claims("This does not prove", finding.does_not_prove)
    for name, text in finding.text.items():
        if language in (None, name):
            lines += ["", _RULE, f"Text ({name})", _RULE, text.rstrip("\n")]
    return "\n".join(lines) + "\n"


def when(milliseconds: int) -> str:
    """Return a claimed time in UTC, to the minute; as a number if no calendar has it."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError, OSError):
        return f"{milliseconds} ms"


def _verdict(finding: Finding) -> list[str]:
    """Return the first lines: whether it holds, and how far to trust it."""
    if finding.failed:
        return [f"NOT VALID: {finding.failed.what}", f"hint: {finding.failed.remedy}"]
    if finding.trust == "established":
        return ["VALID, by roots that you have compared"]
    return ["VALID in itself; not yet established whose it is", "compare these numbers with the parties:"]


def _numbers(finding: Finding) -> list[str]:
    """Return the numbers that people compare."""
    rows = [("talks", finding.talks), ("number", finding.number), ("host", finding.host)]
    lines = [f"  {name}: {value}" for name, value in rows if value]
    for one in finding.roots:
        lines.append(f"  root of {one.name}: {one.root}" + (" (known)" if one.trusted else ""))
        if one.now != one.root:
            lines.append(f"    succeeded by: {one.now}")
    lines += [f"  cosigned by desk {one.desk} of {one.delegation}" for one in finding.cosigned_by]
    return lines


def _claims(title: str, claims: tuple[str, ...]) -> list[str]:
    """Return a list of sentences under a title."""
    return ["", title, *(f"  - {one}" for one in claims)] if claims else []
