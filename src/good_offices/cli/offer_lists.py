"""The standing list of an offer: the declaration's own words, as options that each side accepts or not.

This module decides which options there are (spec/conditions.md R-143): the good offices as a whole, and one for each condition of
which the declaration says something. It writes a file for `goodoffices venue lists`, to be changed before it is attached.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from good_offices.cli.files import read_bytes
from good_offices.errors import LocalError
from good_offices.locale import LANGUAGES, N_, SOURCE, _, use
from good_offices.register.declared import MAX_DECLARED, open_declared
from good_offices.venue import declaration
from good_offices.venue.declaration import CONDITIONS, Declaration

OFFER: Final = "offer"
_SUBJECT: Final = N_("These good offices, wholly or in part")
_WHOLE: Final = N_("We accept these good offices")
_MOST: Final = 280
_HEAD: Final = """\
# The standing list of an offer: each side's duty desk answers it, "no" to everything unless it was told otherwise. What both accept
# is found at both at the same time. `goodoffices venue lists FILE` checks it, `venue offer --lists FILE` attaches it.
format = 1

[[lists]]
kind = "options"
about = "host"
first = "30 days"
every = "30 days"
times = 12
pace = "1 hour"
open = "7 days"
"""


def read_offer(file: Path) -> Declaration:
    """Return the declaration of a file: a TOML draft, or a signed one, whose signature is checked.

    Raises:
        LocalError: `declaration-invalid`, `declaration-empty`, and as `read_bytes`.
        RemoteError: as `open_declared`.
    """
    data = read_bytes(file, limit=MAX_DECLARED)
    if data.startswith(b"good-offices/declaration"):
        found = declaration.read(open_declared(data).words)
    else:
        try:
            found = declaration.read(data.decode())
        except UnicodeDecodeError:
            raise LocalError("declaration-invalid", why="it is not in UTF-8") from None
    if not found.versions:
        raise LocalError("declaration-empty")
    return found


def of_offer(offered: Declaration) -> str:
    """Return the file of standing lists that asks whether an offer is accepted, in the languages that it is made in."""
    tags = list(offered.versions)
    keys = [
        key for key in CONDITIONS if any(getattr(one.conditions, key) for one in offered.versions.values())
    ]
    lines = [_HEAD, "[lists.subject]", *(f"{_quoted(tag)} = {_quoted(_said(_SUBJECT, tag))}" for tag in tags)]
    lines += _option(OFFER, {tag: _said(_WHOLE, tag) for tag in tags})
    for key in keys:
        lines += _option(key, {tag: _condition(offered, tag, key) for tag in tags})
    return "\n".join(lines) + "\n"


def _condition(offered: Declaration, tag: str, key: str) -> str:
    """Return a condition in the words of the offer, shortened; by its name alone where a version says nothing of it."""
    name = _said(CONDITIONS[key], tag)
    words = " ".join(getattr(offered.versions[tag].conditions, key).split())
    line = f"{name}: {words}" if words else name
    return line if len(line) <= _MOST else line[: _MOST - 1] + "…"


def _said(words: str, tag: str) -> str:
    """Return a sentence of the program in a language, in English where the program does not speak it."""
    with use(tag if tag in LANGUAGES else SOURCE):
        return _(words)


def _option(value: str, words: dict[str, str]) -> list[str]:
    """Return the lines of one option."""
    said = ", ".join(f"{_quoted(tag)} = {_quoted(line)}" for tag, line in words.items())
    return ["", "[[lists.options]]", f"value = {_quoted(value)}", f"words = {{ {said} }}"]


def _quoted(text: str) -> str:
    """Return a TOML string in one line."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
