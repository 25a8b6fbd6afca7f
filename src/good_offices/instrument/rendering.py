"""A finding for people and for programs: plain text, and the values of `verify --json`.

This module decides presentation (spec/outcome.md section 10). It never adds a claim to a finding.

1. What a file says of names, titles and places is printed on one line each and without invisible characters, so that no
   file can print a line that looks like a verdict.
2. The texts come last, each under its rule.
3. The lines are said in the language of whoever shows them; values for programs are English, so that a finding that is
   filed reads the same wherever it was made.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from good_offices.instrument.finding import Certified, Deposit, Finding, PaperSigned, Said, Signed
from good_offices.locale import N_
from good_offices.locale.phrases import Say, told

_MARKS: Final = {
    "initialled": N_(
        "{name}, {capacity}, for {delegation}: initialled {text} (entry {index}, {time} by the author's clock)"
    ),
    "ad-referendum": N_(
        "{name}, {capacity}, for {delegation}: signed ad referendum {text} "
        "(entry {index}, {time} by the author's clock)"
    ),
    "signed": N_(
        "{name}, {capacity}, for {delegation}: signed {text} (entry {index}, {time} by the author's clock)"
    ),
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


def as_text(finding: Finding, *, language: str | None = None, say: Say = N_) -> str:
    """Return the finding as lines for a terminal; the text in one language, or in all if none is named.

    `say` looks the sentences up in the reader's language; without it they are English (rule 3).
    """
    lines = [*_verdict(finding, say), *_numbers(finding, say)]
    signed = tuple(one for one in finding.signatories if one.how != "initialled")
    lines += _marks(say(N_("Signatories")), signed, say)
    initialled = tuple(one for one in finding.signatories if one not in signed)
    lines += _marks(say(N_("Initialled by")), initialled, say)
    lines += ["", say(N_("Deposit of the original"))] if finding.deposits else []
    lines += [line for one in finding.deposits for line in _deposit(one, say)]
    lines += _certified(finding.certified, say) if finding.certified else []
    lines += ["", say(N_("Signed on paper, as all delegations attest"))] if finding.papers else []
    lines += [line for one in finding.papers for line in _paper(one, say)]
    for record in finding.records:
        lines += ["", say(N_("Procès-verbal of signature of {text}")).format(text=_line(record.instrument))]
        lines += [f"  {tag}: {_line(words)}" for tag, words in record.words.items()]
    if finding.agenda:
        lines += ["", say(N_("Agenda")), *(f"  {_line(title)}" for title in finding.agenda)]
    if finding.statements:
        lines += ["", say(N_("Disclosed")), *(f"  {_said(one, say)}" for one in finding.statements)]
    lines += _claims(say(N_("This proves")), finding.proves, say)
    lines += _claims(say(N_("This does not prove")), finding.does_not_prove, say)
    for name, text in finding.text.items():
        if language in (None, name):
            title = say(N_("Text ({language})")).format(language=name)
            lines += ["", _RULE, title, _RULE, _visible(text.rstrip("\n"))]
    return "\n".join(lines) + "\n"


def _marks(title: str, marks: tuple[Signed, ...], say: Say) -> list[str]:
    """Return who signed or initialled, under a title."""
    lines = []
    for one in marks:
        line = say(_MARKS[one.first_how or one.how]).format(
            name=_line(one.name),
            capacity=_line(one.capacity),
            delegation=_line(one.delegation),
            text=_line(one.instrument),
            index=one.index,
            time=when(one.claimed_ms),
        )
        if one.confirmed is not None:
            line += say(N_(", confirmed (entry {index})")).format(index=one.confirmed)
        lines.append(f"  {line}")
        if one.basis:
            lines.append("    " + say(N_("full powers: {basis}")).format(basis=_line(one.basis)))
    return ["", title, *lines] if lines else []


def _deposit(one: Deposit, say: Say) -> list[str]:
    """Return who keeps an original, and where; of one that is no delegation its key, and what it signed."""
    line = say(N_("{text}: deposited with {depositary}, {place} (entry {index})")).format(
        text=_line(one.instrument),
        depositary=_line(one.depositary),
        place=_line(one.place) or say(N_("no place named")),
        index=one.index,
    )
    lines = [f"  {line}"]
    if one.key:
        lines.append("    " + say(N_("no delegation; the depositary's key: {key}")).format(key=one.key))
    for held in one.received:
        words = (
            N_("its receipt no. {number}, {time} by its clock")
            if held.corrected is None
            else N_("its receipt no. {number}, of the text with its corrections, {time} by its clock")
        )
        lines.append("    " + say(words).format(number=held.number, time=when(held.claimed_ms)))
    return lines


def _certified(one: Certified, say: Say) -> list[str]:
    """Return who certified the copy, in which words, and which corrections it lists."""
    by = ", ".join(_line(part) for part in (one.name, one.capacity) if part)
    if one.delegation:
        by = say(N_("{name}, {capacity}, for {delegation}")).format(
            name=_line(one.name), capacity=_line(one.capacity), delegation=_line(one.delegation)
        )
    where = ", ".join(_line(part) for part in (one.place, one.date) if part)
    lines = ["", say(N_("Certified by the depositary")), f"  {by}; {where}", f"  {_line(one.words)}"]
    lines.append("  " + say(N_("hash of the signed text: {digest}")).format(digest=one.digest))
    if one.corrected:
        lines.append("  " + say(N_("hash with its corrections: {digest}")).format(digest=one.corrected))
    corrected = N_("corrected in {unit}, {language}: “{found}” reads “{correct}”")
    return lines + [
        "  "
        + say(corrected).format(
            unit=_line(unit) or say(N_("the title")),
            language=_line(language),
            found=_line(found),
            correct=_line(correct),
        )
        for unit, language, found, correct in one.corrections
    ]


def _paper(one: PaperSigned, say: Say) -> list[str]:
    """Return an original on paper: which, where and when, and who signed."""
    first = say(N_("{text}: {place}, {date} (entry {index})")).format(
        text=_line(one.instrument), place=_line(one.place), date=_line(one.date), index=one.index
    )
    scan = say(N_("scan sha256 {digest}")).format(digest=one.scan)
    signed = [
        say(N_("{name}, {capacity}, for {delegation}")).format(
            name=_line(name), capacity=_line(capacity), delegation=_line(delegation)
        )
        for delegation, name, capacity in one.signatories
    ]
    return [f"  {first}", *(f"    {line}" for line in (scan, *signed))]


def _said(one: Said, say: Say) -> str:
    """Return what a member said or did; `event` is the name of the act in the protocol and is not translated."""
    who = say(N_("{name}, for {delegation} ({event}, entry {index})")).format(
        name=_line(one.name), delegation=_line(one.delegation), event=one.event, index=one.index
    )
    return f"{who}: {_line(one.text)}".rstrip(": ")


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


def _verdict(finding: Finding, say: Say) -> list[str]:
    """Return the first lines: whether it holds, and how far to trust it."""
    if finding.failed:
        return [
            say(N_("NOT VALID: {what}")).format(what=_line(str(told(finding.failed.what, say)))),
            say(N_("hint: {text}")).format(text=told(finding.failed.remedy, say)),
        ]
    if finding.trust == "established":
        return [say(N_("VALID, by roots that you have compared"))]
    return [
        say(N_("CONSISTENT IN ITSELF; whose it is, is not established")),
        say(N_("compare these numbers with the parties:")),
    ]


def _numbers(finding: Finding, say: Say) -> list[str]:
    """Return the numbers that people compare."""
    rows = [
        (N_("talks: {value}"), finding.talks),
        (N_("number: {value}"), finding.number),
        (N_("host: {value}"), finding.host),
        *((N_("host to which the talks moved: {value}"), one) for one in finding.hosts),
    ]
    lines = ["  " + say(row).format(value=value) for row, value in rows if value]
    for one in finding.roots:
        row = N_("root of {name}: {value} (known)") if one.trusted else N_("root of {name}: {value}")
        lines.append("  " + say(row).format(name=_line(one.name), value=one.root))
        if one.now != one.root:
            lines.append("    " + say(N_("succeeded by: {value}")).format(value=one.now))
    cosigned = say(N_("cosigned by desk {desk} of {delegation}"))
    lines += [
        "  " + cosigned.format(desk=one.desk, delegation=_line(one.delegation)) for one in finding.cosigned_by
    ]
    return lines


def _claims(title: str, claims: tuple[str, ...], say: Say) -> list[str]:
    """Return a list of sentences under a title."""
    return ["", title, *(f"  - {_line(str(told(one, say)))}" for one in claims)] if claims else []
