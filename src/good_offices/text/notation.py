r"""The notation in which people write a text with brackets. See spec/text.md section 4.

This module decides which characters stand for which runs. It never guesses: what it does not understand it
refuses, with the position, and what it accepts it prints again with the same characters.

1. `[shall]` is a slot with one variant; `[shall][should][other]`, with nothing between, one slot with three.
   `[a]\|[b]` is two slots.
2. Inside a bracket, ` - NAME`, ` - NAME retain; NAME delete` at the end attributes the variant, and
   ` / ` separates variants of which every one is attributed. Only names that the caller gives count as names:
   `[2060 - 2080]` and `[net - CO2]` lose no word.
3. `{...}` is a placeholder, `[^1]` a note reference.
4. Literal brackets, braces and backslashes are written `\[ \] \{ \} \\`; before anything else a backslash is
   refused.
5. `⟦` and `⟧` are the ends of brackets that reach beyond this unit: parsing takes them from the present text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal, cast

import msgspec

from good_offices.errors import LocalError
from good_offices.text.model import (
    Attribution,
    Close,
    Edge,
    NoteRef,
    Open,
    Placeholder,
    Role,
    Run,
    Runs,
    Words,
    crossing_of,
    joined,
)

SAYS: Final = frozenset(
    {"retain", "delete", "propose", "proposes", "oppose", "opposes", "support", "supports"}
) | {
    "reserve",
    "reserves",
}
_NO_TEXT: Final = frozenset(
    {"no text", "no text.", "no provision", "no provision.", "agreed", "agreed ad ref"}
) | {
    "agreed ad referendum",
    "нет текста",
    "согласовано",
}
_OTHER: Final = frozenset({"other", "others", "...", "…", "другое", "иное"})
_MOVE: Final = re.compile(r"(move|moved|перенести) (to|в|во) .+", re.IGNORECASE | re.DOTALL)
_BLANK: Final = re.compile(r"[*_]*(placeholder|заполнитель)\b.*", re.IGNORECASE | re.DOTALL)

TOKEN: Final = re.compile(
    r"\\(?P<escape>[\[\]{}\\⟦⟧])|(?P<apart>\\\|)|\[\^(?P<note>[^\[\]{}\\\s⟦⟧]+)\]"
    r"|(?P<bracket>[\[\]⟦⟧])|\{(?P<hole>(?!:)[^\[\]{}\\\n⟦⟧]+)\}|(?P<bad>[{}\\])"
)
_ESCAPED: Final = re.compile(r"[\[\]{}\\⟦⟧]")
# Longer brackets are not searched for slashes: nested a hundred thousand deep, that would take for ever.
_LONGEST_SLASHED: Final = 1_000
# Stands between two units while a whole draft is read; never part of a text.
BREAK: Final = NoteRef(note="")
Token = tuple[Literal["words", "note", "hole", "open", "close", "out-open", "out-close", "apart"], str, int]
_BRACKETS: Final[dict[str, Literal["open", "close", "out-open", "out-close"]]] = {
    "[": "open",
    "]": "close",
    "⟦": "out-open",
    "⟧": "out-close",
}


def parse(
    text: str, prefix: str, *, names: Mapping[str, str] | None = None, crossing: Sequence[Edge] = ()
) -> Runs:
    """Return the runs that `text` stands for; slots are called `prefix` + 1, 2, ... as they open (section 4).

    `names` maps names as printed to what stands in `Attribution.who`; `crossing` are the ends of slots that
    reach beyond this unit, in order, as the present text has them (`Unit.crossing`).

    Raises:
        LocalError: `notation`, with the position from 1.
    """
    tokens = tokens_of(text)
    outside = iter(crossing)
    runs: list[Run] = []
    builder = Builder(prefix, names or {})
    depth = 0
    for kind, value, position in tokens:
        if kind == "open":
            depth += 1
            builder.open(runs)
        elif kind == "close":
            if depth == 0:
                raise LocalError("notation", position=position, why="a closing bracket that nothing opens")
            depth -= 1
            builder.close(runs)
        elif kind in ("out-open", "out-close"):
            edge = next(outside, None)
            if edge is None or depth or isinstance(edge, Open) != (kind == "out-open"):
                raise LocalError(
                    "notation", position=position, why="a bracket that reaches beyond the provision"
                )
            runs.append(edge)
            builder.apart()
        else:
            _plain(runs, kind, value, builder)
    if depth:
        raise LocalError("notation", position=len(text), why="a bracket that is never closed")
    if next(outside, None) is not None:
        raise LocalError(
            "notation", position=len(text), why="a bracket that reaches beyond the provision is missing"
        )
    done = joined(builder.finish(runs))
    if print_runs(done, names={who: name for name, who in (names or {}).items()}) != text:
        raise LocalError("notation", position=1, why="characters that cannot be printed again as they are")
    return done


def _plain(runs: list[Run], kind: str, value: str, builder: Builder) -> None:
    """Add a token that is no bracket."""
    if kind == "apart":
        builder.apart()
    elif kind == "words":
        runs.append(Words(text=value))
    else:
        runs.append(NoteRef(note=value) if kind == "note" else Placeholder(text=value))


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of `text` with their positions from 1.

    Raises:
        LocalError: `notation` for a lone brace or backslash.
    """
    tokens: list[Token] = []
    last = 0
    for match in TOKEN.finditer(text):
        if match.start() > last:
            tokens.append(("words", text[last : match.start()], last + 1))
        last, at = match.end(), match.start() + 1
        kind, value = cast("str", match.lastgroup), cast("str", match[match.lastgroup or 0])
        if kind == "bad":
            raise LocalError(
                "notation", position=at, why="a brace or backslash on its own: write \\ before it"
            )
        if kind == "bracket":
            tokens.append((_BRACKETS[value], value, at))
        elif kind == "apart":
            tokens.append(("apart", "", at))
        elif kind == "escape":
            tokens.append(("words", value, at))
        else:
            tokens.append(("note" if kind == "note" else "hole", value, at))
    if last < len(text):
        tokens.append(("words", text[last:], last + 1))
    return tokens


class Builder:
    """Makes slots out of brackets as they open and close; `joinable` is the slot that just closed, if any."""

    def __init__(self, prefix: str, names: Mapping[str, str]) -> None:
        """Start with no slot; the first will be called `prefix` + "1"."""
        self.prefix = prefix
        self.names = names
        self.count = 0
        self.stack: list[tuple[str, int, int]] = []  # slot, variant, place of its Open among the runs
        self.variants: dict[str, int] = {}
        self.unit_at = 0  # the number of runs when the present unit began
        self.closed: tuple[str, int] | None = None  # the slot that closed last, and the number of runs then

    def open(self, runs: list[Run]) -> None:
        """Open a bracket: the next variant of the slot just closed, or a new slot."""
        if self.closed and self.closed[1] == len(runs):
            slot = self.closed[0]
        else:
            self.count += 1
            slot = f"{self.prefix}{self.count}"
        variant = self.variants.get(slot, 0)
        self.variants[slot] = variant + 1
        self.stack.append((slot, variant, len(runs)))
        runs.append(Open(slot=slot, variant=variant, of=0))

    def close(self, runs: list[Run]) -> None:
        """Close the bracket opened last, reading its attributions and its role."""
        slot, variant, start = self.stack.pop()
        names = self.names if start >= self.unit_at else {}  # an attribution is read where it is printed
        short = len(runs) - start <= _LONGEST_SLASHED
        split = _slashed(runs[start + 1 :], names) if names and variant == 0 and short else None
        if split:
            del runs[start:]
            for number, (part, by) in enumerate(split):
                role = role_of(part[0]) if len(part) == 1 else ""
                runs.append(Open(slot=slot, variant=number, of=0, by=by, role=role, slash=True))
                runs.extend([*part, Close(slot=slot, variant=number)])
            self.variants[slot] = len(split)
            self.closed = None
            return
        words, by = _attributed(runs[-1], names)
        if by:
            runs[-1:] = [words] if words else []
        role = role_of(runs[-1]) if len(runs) - start == 2 else ""
        runs[start] = Open(slot=slot, variant=variant, of=0, by=by, role=role)
        runs.append(Close(slot=slot, variant=variant))
        self.closed = (slot, len(runs))

    def apart(self) -> None:
        """Make the next bracket a new slot."""
        self.closed = None

    def next_unit(self, runs: list[Run]) -> None:
        """Go on in the next unit of a draft."""
        runs.append(BREAK)
        self.unit_at = len(runs)

    def finish(self, runs: Sequence[Run]) -> list[Run]:
        """Return the runs with the number of variants written into each opening."""
        return [
            msgspec.structs.replace(run, of=self.variants[run.slot])
            if isinstance(run, Open) and not run.of
            else run
            for run in runs
        ]


def role_of(inside: Run) -> Role:
    """Return what a variant is by its standard words: open ended, no text, a move, a placeholder, or text."""
    if not isinstance(inside, Words):
        return ""
    text = inside.text.strip(" *_").casefold()
    if text in _NO_TEXT:
        return "none"
    if text in _OTHER:
        return "other"
    if _MOVE.fullmatch(text):
        return "move"
    return "blank" if _BLANK.fullmatch(text) else ""


def _attributed(last: Run, names: Mapping[str, str]) -> tuple[Run | None, tuple[Attribution, ...]]:
    """Return the last words of a variant without its attribution, and the attribution."""
    if names and isinstance(last, Words) and " - " in last.text:
        words, _, tail = last.text.rpartition(" - ")
        by = _attributions(tail, names)
        if by:
            return (Words(text=words) if words else None), by
    return last, ()


def _attributions(tail: str, names: Mapping[str, str]) -> tuple[Attribution, ...]:
    """Return the attributions that `tail` spells, or none if any part of it is something else."""
    found: list[Attribution] = []
    for separator, part in re.findall(r"(^|, |; )([^,;]+)", tail):
        name, _, says = part.rpartition(" ") if part not in names else (part, "", "")
        if name not in names or (says and says not in SAYS):
            return ()
        found.append(Attribution(who=names[name], says=says, semicolon=separator == "; "))
    return tuple(found)


def _slashed(
    inside: list[Run], names: Mapping[str, str]
) -> list[tuple[list[Run], tuple[Attribution, ...]]] | None:
    """Return the variants between slashes, if there are several and every one is attributed."""
    parts: list[list[Run]] = [[]]
    depth = 0
    for run in inside:
        depth += isinstance(run, Open)
        depth -= isinstance(run, Close)
        if isinstance(run, Words) and not depth:
            first, *rest = run.text.split(" / ")
            parts[-1].extend([Words(text=first)] if first else [])
            parts.extend([Words(text=piece)] if piece else [] for piece in rest)
        else:
            parts[-1].append(run)
    split: list[tuple[list[Run], tuple[Attribution, ...]]] = []
    for part in parts:
        words, by = _attributed(part[-1], names) if part else (None, ())
        if not by or len(parts) == 1:
            return None
        split.append(([*part[:-1], *([words] if words else [])], by))
    return split


def escaped(text: str) -> str:
    """Return words with every literal bracket, brace and backslash escaped."""
    return _ESCAPED.sub(r"\\\g<0>", text)


def print_runs(
    runs: Sequence[Run],
    *,
    names: Mapping[str, str] | None = None,
    outside: Sequence[str] = "⟦⟧",
    words: Callable[[str], str] = escaped,
) -> str:
    """Return the notation of `runs` (section 4); `names` maps `Attribution.who` to the name to print.

    `outside` are the two characters for brackets that reach beyond these runs: `("[", "]")` for reading only.
    """
    crossing = {edge.slot for edge in crossing_of(runs)}
    out: list[str] = []
    stack: list[Open] = []
    closed: Open | None = None  # the variant that ends just before this run, if it is inside these runs
    for run in runs:
        just, closed = closed, None
        if isinstance(run, Words):
            out.append(words(run.text))
        elif isinstance(run, NoteRef):
            out.append(f"[^{run.note}]")
        elif isinstance(run, Placeholder):
            out.append("{" + run.text + "}")
        elif run.slot in crossing:
            out.append(outside[isinstance(run, Close)])
        elif isinstance(run, Open):
            if just and just.slot != run.slot and not just.slash:
                out.append("\\|")
            out.append(" / " if run.slash and run.variant else "[")
            stack.append(run)
        else:
            closed = stack.pop()
            out.append(print_attributions(closed.by, names or {}))
            out.append("" if closed.slash and closed.variant + 1 < closed.of else "]")
    return "".join(out)


def print_attributions(by: Sequence[Attribution], names: Mapping[str, str]) -> str:
    """Return ` - NAME retain; NAME delete`, or nothing."""
    text = ""
    for place, one in enumerate(by):
        text += " - " if place == 0 else "; " if one.semicolon else ", "
        text += names.get(one.who, one.who) + (f" {one.says}" if one.says else "")
    return text
