r"""Reading a draft: plain text or Markdown with brackets becomes units. See spec/text.md section 5.

This module decides where units begin and end and which brackets belong together. It never changes, adds or
drops a character, and never guesses: what it cannot match it reports with line and column.

1. A unit is a paragraph: lines between blank lines. Its *lead* (indentation and marker) and its *gap* (what
   follows up to the next unit) are layout; the rest is text.
2. Brackets are matched over the whole body by a plain stack, footnote marks `[^n]` and escaped brackets `\[`
   apart. What stays unmatched is kept as a literal character and reported.
3. Every matched pair becomes one variant of a slot; pairs with nothing between them are one slot.
4. "Option n" labels stay text and are listed: where the last option ends is not written in real drafts. People
   mark such blocks with `place_options`.
5. A YAML head is set aside; `export` gives the body back, character for character.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import count
from typing import Final, Literal

from good_offices.encoding import Record, check_words
from good_offices.errors import GoodOfficesError, LocalError
from good_offices.text.brackets import check_instrument
from good_offices.text.layout import Block, blocks_of, parents_of
from good_offices.text.model import Instrument, NoteRef, Placeholder, Run, Unit, Words, joined
from good_offices.text.notation import BREAK, Builder, print_runs

Form = Literal["md", "txt"]

MAX_DRAFT: Final = 4 * 1024 * 1024
MAX_PAIRS: Final = 100_000
MAX_ORPHANS: Final = 1_000

_HEAD: Final = re.compile(r"---[ \t]*\n(?P<lines>(?:(?!---[ \t]*$).*\n)*?)---[ \t]*(?:\n|$)", re.MULTILINE)
_HEAD_LINE: Final = re.compile(r"[ \t]*$|[ \t]*#|[ \t]+\S|-[ \t]|[\w-]+:([ \t]|$)")
_OPTION: Final = re.compile(r"\bOption ?(\d+|[IVX]+)\b")
_TOKEN: Final = re.compile(
    r"\\(?P<escape>[\[\]])|\[\^(?P<note>[^\[\]{}\\\s⟦⟧]+)\]|(?P<bracket>[\[\]])|\{(?P<hole>(?!:)[^\[\]{}\\\n⟦⟧]+)\}"
)
_SPECIAL: Final = re.compile(r"[\[\]{}\\⟦⟧]")


class Orphan(Record, frozen=True, kw_only=True):
    """A bracket without a partner, by line and column of the file, from 1."""

    line: int
    column: int
    bracket: str


class Option(Record, frozen=True, kw_only=True):
    """A label such as "Option 2" as it stands in the draft; `leads` if its unit begins with it."""

    line: int
    column: int
    label: str
    unit: int
    leads: bool


class DraftUnit(Record, frozen=True, kw_only=True):
    """A paragraph: its layout, its runs, and which of its literal brackets the source had escaped."""

    block: Block
    parent: int
    runs: tuple[Run, ...]
    escaped: tuple[int, ...]


class Draft(Record, frozen=True, kw_only=True):
    """A draft as read; `pairs`, `depth` and `orphans` count printed brackets, `crossing` pairs across units.

    `newlines` are the line ends of the body, if any is CRLF.
    """

    head: str
    front: str
    newlines: tuple[str, ...]
    units: tuple[DraftUnit, ...]
    pairs: int
    crossing: int
    depth: int
    orphans: tuple[Orphan, ...]
    options: tuple[Option, ...]
    notes: tuple[str, ...]
    names: dict[str, str]

    def to_instrument(
        self, language: str, *, name: str = "text", title: str = "", authentic: tuple[str, ...] = ()
    ) -> Instrument:
        """Return the instrument: units are called `u1`, `u2`, ..., slots as in the draft (section 5).

        Raises:
            LocalError: as `check_instrument`.
        """
        units = tuple(
            Unit(
                id=f"u{number}",
                kind=unit.block.kind,
                label=unit.block.label,
                parent=f"u{unit.parent}" if unit.parent else "",
                texts={language: unit.runs},
            )
            for number, unit in enumerate(self.units, 1)
        )
        titles = {language: title} if title else {}
        whole = Instrument(id=name, titles=titles, authentic=authentic or (language,), units=units)
        check_instrument(whole)
        return whole


def read_draft(data: bytes, form: str, *, names: Mapping[str, str] | None = None) -> Draft:
    """Return the draft in the bytes of a file; `form` is the ending of its name: md, markdown or txt.

    Raises:
        LocalError: `draft-format-unknown`, `draft-not-utf8`, and as `import_draft`.
    """
    known: Mapping[str, Form] = {"md": "md", "markdown": "md", "txt": "txt", "text": "txt"}
    ending = form.lower().lstrip(".")
    if ending not in known or data.startswith(b"PK\x03\x04"):
        raise LocalError(
            "draft-format-unknown", form=ending[:16] if ending not in known else "an office document"
        )
    if len(data) > MAX_DRAFT:
        raise LocalError("too-large", what="the draft", size=len(data), limit=MAX_DRAFT)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as broken:
        line = data.count(b"\n", 0, broken.start) + 1
        raise LocalError("draft-not-utf8", line=line) from None
    return import_draft(text, known[ending], names=names)


def import_draft(text: str, form: Form, *, names: Mapping[str, str] | None = None) -> Draft:
    """Return the draft that `text` holds (section 5); `names` are those that attributions may name.

    Raises:
        LocalError: `too-large`, `draft-empty`, `draft-head-unclosed`, `draft-character`, `draft-not-a-text`.
    """
    if len(text) > MAX_DRAFT:
        raise LocalError("too-large", what="the draft", size=len(text), limit=MAX_DRAFT)
    text = text.removeprefix("\ufeff")
    ends = tuple(re.findall("\r?\n", text)) if "\r\n" in text else ()
    text = text.replace("\r\n", "\n")
    _check_characters(text)
    head = _head_of(text) if form == "md" else ""
    body = text[len(head) :]
    blocks = blocks_of(body, form)
    if not blocks:
        raise LocalError("draft-empty")
    reader = _Reader(body, blocks, head.count("\n"), names or {})
    units = reader.read()
    return Draft(
        head=head,
        front=body[: blocks[0].start],
        newlines=ends[head.count("\n") :],
        units=units,
        pairs=reader.pairs,
        crossing=reader.crossing,
        depth=reader.depth,
        orphans=tuple(reader.orphans),
        options=reader.options(),
        notes=tuple(block.label for block in blocks if block.kind == "note"),
        names=dict(names or {}),
    )


def export(draft: Draft) -> str:
    """Return the body of the draft as it was read (spec/text.md rule 5.6)."""
    out = [draft.front]
    names = {who: name for name, who in draft.names.items()}
    for unit in draft.units:
        words = partial(_as_written, kept=frozenset(unit.escaped), seen=count())
        out += [
            unit.block.lead,
            print_runs(unit.runs, names=names, outside="[]", words=words),
            unit.block.gap,
        ]
    ends = iter(draft.newlines)
    return re.sub("\n", lambda _: next(ends), "".join(out)) if draft.newlines else "".join(out)


def _as_written(text: str, *, kept: frozenset[int], seen: Iterator[int]) -> str:
    """Return words with a backslash before those special characters that the source had escaped."""
    return _SPECIAL.sub(lambda match: ("\\" if next(seen) in kept else "") + match[0], text)


def _check_characters(text: str) -> None:
    """Refuse what may not stand where words bind, with line and column."""
    try:
        check_words(text, what="the draft")
    except GoodOfficesError as refused:
        position = int(str(refused.facts["position"]))
        line = text.count("\n", 0, position - 1) + 1
        column = position - 1 - text.rfind("\n", 0, position - 1)
        raise LocalError("draft-character", line=line, column=column, why=refused.facts["why"]) from None


def _head_of(text: str) -> str:
    """Return the YAML head with its fences, or nothing if the draft begins otherwise (rule 5.1).

    A draft may also begin with a horizontal rule, so a head is one only if all its lines look like YAML.
    """
    match = _HEAD.match(text)
    if match and all(_HEAD_LINE.match(line) for line in match["lines"].split("\n")):
        return match[0]
    first, _, rest = text.partition("\n")
    if first.rstrip() == "---" and re.match(r"[\w-]+:([ \t]|$)", rest, re.MULTILINE) and not match:
        raise LocalError("draft-head-unclosed")
    return ""


class _Reader:
    """One reading of one body: first the stack over all brackets, then the runs of each block."""

    def __init__(
        self, body: str, blocks: tuple[Block, ...], lines_before: int, names: Mapping[str, str]
    ) -> None:
        """Keep the body and find where its lines begin."""
        self.body = body
        self.blocks = blocks
        self.names = names
        self.lines_before = lines_before
        self.starts = [0, *(match.end() for match in re.finditer("\n", body))]
        self.orphans: list[Orphan] = []
        self.pairs = self.crossing = self.depth = 0

    def place(self, at: int) -> tuple[int, int]:
        """Return line (in the file) and column of a place in the body, both from 1."""
        line = bisect.bisect_right(self.starts, at)
        return line + self.lines_before, at - self.starts[line - 1] + 1

    def read(self) -> tuple[DraftUnit, ...]:
        """Return the units; fills `pairs`, `crossing`, `depth` and `orphans`."""
        tokens = [list(_TOKEN.finditer(self.body, block.text_at, block.gap_at)) for block in self.blocks]
        lone = self._match(tokens)
        builder = Builder("s", self.names)
        runs: list[Run] = []
        kept: list[tuple[int, ...]] = []
        for block, found in zip(self.blocks, tokens, strict=True):
            kept.append(self._read_block(runs, builder, block, found, lone))
            builder.next_unit(runs)
        units: list[DraftUnit] = []
        part: list[Run] = []
        parents = parents_of(self.blocks)
        for run in builder.finish(runs):
            if run is not BREAK:
                part.append(run)
                continue
            number = len(units)
            units.append(
                DraftUnit(
                    block=self.blocks[number], parent=parents[number], runs=joined(part), escaped=kept[number]
                )
            )
            part = []
        return tuple(units)

    def _match(self, tokens: list[list[re.Match[str]]]) -> frozenset[int]:
        """Match the brackets by a plain stack; return the places of those without a partner."""
        stack: list[tuple[int, int]] = []
        lone: list[int] = []
        for number, found in enumerate(tokens):
            for match in found:
                if match["bracket"] == "[":
                    stack.append((match.start(), number))
                    self.depth = max(self.depth, len(stack))
                elif match["bracket"] == "]" and stack:
                    self.pairs += 1
                    self.crossing += stack.pop()[1] != number
                elif match["bracket"] == "]":
                    lone.append(match.start())
        lone.extend(at for at, _ in stack)
        if len(lone) > MAX_ORPHANS or self.pairs > MAX_PAIRS:
            raise LocalError("draft-not-a-text", pairs=self.pairs, orphans=len(lone))
        self.orphans = [
            Orphan(line=line, column=column, bracket=self.body[at])
            for at in sorted(lone)
            for line, column in [self.place(at)]
        ]
        return frozenset(lone)

    def _read_block(
        self,
        runs: list[Run],
        builder: Builder,
        block: Block,
        found: list[re.Match[str]],
        lone: frozenset[int],
    ) -> tuple[int, ...]:
        """Add the runs of a block; return which of its literal brackets were escaped, by their order."""
        escaped: list[int] = []
        special = 0
        last = block.text_at
        for match in found:
            words = self.body[last : match.start()]
            runs.extend([Words(text=words)] if words else [])
            special += len(_SPECIAL.findall(words))
            last = match.end()
            if match["escape"] or match.start() in lone:
                escaped.extend([special] if match["escape"] else [])
                special += 1
                runs.append(Words(text=match["escape"] or match[0]))
            elif match["bracket"]:
                (builder.open if match[0] == "[" else builder.close)(runs)
            else:
                runs.append(NoteRef(note=match["note"]) if match["note"] else Placeholder(text=match["hole"]))
        words = self.body[last : block.gap_at]
        runs.extend([Words(text=words)] if words else [])
        return tuple(escaped)

    def options(self) -> tuple[Option, ...]:
        """Return the labels "Option n" in the order of the text."""
        found = []
        for number, block in enumerate(self.blocks, 1):
            for match in _OPTION.finditer(self.body, block.text_at, block.gap_at):
                line, column = self.place(match.start())
                leads = not self.body[block.text_at : match.start()].strip(" *_[")
                found.append(Option(line=line, column=column, label=match[0], unit=number, leads=leads))
        return tuple(found)
