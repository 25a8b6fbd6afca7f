"""Words of a text as markup: brackets, placeholders, footnotes, redline.

This module decides how a run or a change looks. It never changes a character: without the markup the words are those
of the text.

1. A bracket is a literal character, heavy, with a wash under all that stands in it; nested brackets nest.
2. What is put in stands in `ins`, what is taken out in `del`: a screen reader tells both, and a gap keeps them apart.
3. Everything is escaped here, by `markupsafe`; no words of the talks are ever marked safe.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from markupsafe import Markup, escape

from good_offices.chancery.paper.model import Line
from good_offices.chancery.text.lined import Lined
from good_offices.locale import _
from good_offices.text.model import Close, NoteRef, Open, Placeholder, Runs, Words, crossing_of
from good_offices.text.notation import print_attributions, print_runs
from good_offices.text.redline import Segment, redline

# As on paper: stars around words are emphasis, and a star between spaces is a star.
_STARS: Final = re.compile(
    r"(?<![\w*\\])(?P<stars>\*{1,2})(?P<inside>[^\s*](?:[^*\n]*[^\s*])?)(?P=stars)(?![\w*])"
)
_BRACKETS: Final = re.compile(r"([\[\]])")
_PLAIN: Final = re.compile(r"\\([\[\]{}\\⟦⟧])")
_OUTSIDE: Final = str.maketrans("⟦⟧", "[]")
_CONTEXT: Final = 3

_BEGIN: Final = Markup('<span class="br" role="group" aria-label="{}"><b>[</b>')
_END: Final = Markup("<b>]</b></span>")
_CROSS: Final = Markup('<b class="cross">{}</b>')
_SLASH: Final = Markup('<b class="apart">{}</b>')
_APART: Final = Markup('<span class="apart" aria-hidden="true"></span>')
_BY: Final = Markup('<span class="who">{}</span>')
_HOLE: Final = Markup('<span class="hole">{}</span>')
_NOTE: Final = Markup('<sup><a href="#note-{}">{}</a></sup>')
_STRONG: Final = Markup("<strong>{}</strong>")
_EM: Final = Markup("<em>{}</em>")
_INS: Final = Markup("<ins>{}</ins>")
_DEL: Final = Markup("<del>{}</del>")
_HEAVY: Final = Markup('<b class="b">{}</b>')


def cell(runs: Runs, called: Mapping[str, str], lines: Iterable[Line] = ()) -> Markup:
    """Return the words of a provision in one language (rule 1); `called` are the names of delegations by id.

    With `lines`, those that `paper.numbering.lines` makes of the same words, each line is marked with its number.
    """
    return Markup("").join(_pieces(runs, called, Lined(lines)))


def _pieces(runs: Runs, called: Mapping[str, str], lined: Lined) -> Iterator[Markup]:
    """Yield the markup of each run; the characters that `lined` counts are those of `paper.numbering.pieces`."""
    crossing = {edge.slot for edge in crossing_of(runs)}
    stack: list[Open] = []
    closed: Open | None = None
    begin = _BEGIN.format(_("in brackets"))
    for run in runs:
        just, closed = closed, None
        if isinstance(run, Words):
            yield from _worded(run.text, lined)
        elif isinstance(run, Placeholder):
            yield _HOLE.format(lined.words("{" + run.text + "}"))
        elif isinstance(run, NoteRef):
            yield lined.before(len(run.note)) + _NOTE.format(run.note, run.note)
        elif run.slot in crossing:
            yield lined.before(1) + _CROSS.format("[" if isinstance(run, Open) else "]")
        elif isinstance(run, Open):
            yield _opened(run, just, begin, lined)
            stack.append(run)
        else:
            assert isinstance(run, Close)
            closed = stack.pop()
            by = print_attributions(closed.by, called).removeprefix(" - ")
            if by:
                yield _BY.format(lined.words(f" – {by}"))
            if not closed.slash or closed.variant + 1 == closed.of:
                yield lined.before(1) + _END


def _opened(run: Open, just: Open | None, begin: Markup, lined: Lined) -> Markup:
    """Return the beginning of a variant; `just` is the one that ended right before it."""
    # On paper a sign stands between two slots, and here a gap.
    apart = lined.before(int(just.slot != run.slot)) + _APART if just and not just.slash else Markup("")
    if run.slash and run.variant:
        return apart + _SLASH.format(lined.words(" / "))
    return apart + lined.before(1) + begin


def _worded(text: str, lined: Lined) -> Iterator[Markup]:
    """Yield words, with the emphasis that stars around them give."""
    at = 0
    for match in _STARS.finditer(text):
        yield lined.words(text[at : match.start()])
        yield (_STRONG if len(match["stars"]) == 2 else _EM).format(lined.words(match["inside"]))
        at = match.end()
    yield lined.words(text[at:])


def readable(runs: Runs, called: Mapping[str, str]) -> str:
    """Return words as they read: brackets as brackets, nothing escaped."""
    return print_runs(runs, names=called, outside="[]", words=str)


def plain(notation: str) -> str:
    """Return words in the notation as they read: without what makes a character plain, every bracket as a bracket."""
    return _PLAIN.sub(lambda found: found[1] or "", notation.replace("\\|", "")).translate(_OUTSIDE)


def redlined(old: str, new: str) -> Markup:
    """Return what leads from old words to new ones (rule 2)."""
    return marked(redline(old, new))


def marked(segments: tuple[Segment, ...]) -> Markup:
    """Return segments as markup."""
    out: list[Markup] = []
    for one in segments:
        if one.change == "equal":
            out += [
                _HEAVY.format(part) if part in ("[", "]") else escape(part)
                for part in _BRACKETS.split(one.text)
            ]
        else:
            out.append((_INS if one.change == "insert" else _DEL).format(one.text))
    return Markup("").join(out)


def told(now: str, then: str) -> dict[str, Any]:
    """Return a change of words in the notation as a page shows it: `line`, `words` (sentences), `same`."""
    segments = redline(plain(now), plain(then))
    return {"line": marked(segments), "words": in_words(segments), "same": now == then}


def in_words(segments: tuple[Segment, ...]) -> list[str]:
    """Return the changes as sentences in the language of the screen (as `text.redline.in_words` in English)."""
    out: list[str] = []
    before = ""
    skip = False
    for place, one in enumerate(segments):
        following = segments[place + 1] if place + 1 < len(segments) else None
        if skip:  # it was told with the deletion before it
            skip = False
            continue
        if one.change == "delete" and following and following.change == "insert":
            out.append(_("{old} becomes {new}").format(old=one.text.strip(), new=following.text.strip()))
            skip = True
        elif one.change != "equal":
            out.append(_told(one.change, one.text.strip() or one.text, " ".join(before.split()[-_CONTEXT:])))
        before += one.text
    return out


def _told(change: str, words: str, context: str) -> str:
    """Return one insertion or deletion as a sentence."""
    if context and change == "delete":
        return _("after “{context}”: removed “{words}”").format(context=context, words=words)
    if context:
        return _("after “{context}”: added “{words}”").format(context=context, words=words)
    if change == "delete":
        return _("at the beginning: removed “{words}”").format(words=words)
    return _("at the beginning: added “{words}”").format(words=words)
