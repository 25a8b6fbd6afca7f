"""The catalogues of sentences: made from the source, filled by translators, checked, compiled.

This module decides their form. It is a tool of whoever changes a sentence; the program at work reads `.mo` files alone.

1. `make` takes in what the source says now; a sentence that changed has no translation until somebody writes it.
2. `missing LANGUAGE` prints as JSON what has no translation; `enter LANGUAGE FILE` takes the same JSON filled in.
3. A translation is refused if its placeholders differ from the sentence's, if a plural form is missing, or if it is a
   glossary's term and differs from the glossary.
4. `glossary` prints `docs/glossary.md`.
5. Files hold no dates and no line numbers, so that a difference in git is a difference in words.

    python -m good_offices.locale.catalogues make
    python -m good_offices.locale.catalogues missing uk > uk.json
    python -m good_offices.locale.catalogues enter uk uk.json
"""

from __future__ import annotations

import json
import re
import string
import sys
from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from good_offices.locale import DOMAIN, FOLDER
from good_offices.locale.extraction import template
from good_offices.locale.glossary import page, terms

# Babel knows no plural of Kazakh; the rule of CLDR has two forms.
PLURALS: Final = {
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    "uk": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    "kk": "nplurals=2; plural=(n != 1);",
}
_NO_DATE: Final = datetime(2026, 1, 1, tzinfo=UTC)
_PERCENT: Final = re.compile(r"%\((\w+)\)[sd]")
_TERMS: Final = (None, "state", "term")
_USAGE: Final = "make | missing LANGUAGE | enter LANGUAGE FILE | glossary"


def place(code: str, suffix: str = "po") -> Path:
    """Return where a language's catalogue is."""
    return FOLDER / code / "LC_MESSAGES" / f"{DOMAIN}.{suffix}"


def read(code: str) -> Catalog:
    """Return a language's catalogue, empty if it has none yet."""
    path = place(code)
    start = f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {PLURALS[code]}\\n"\n'
    source = path.read_bytes() if path.exists() else start.encode()
    return read_po(BytesIO(source), locale=code, domain=DOMAIN)


def as_po(catalogue: Catalog) -> bytes:
    """Return the source form of a catalogue (rule 5)."""
    catalogue.header_comment = "# Good Offices, sentences of the interface."
    catalogue.fuzzy = False
    catalogue.project, catalogue.version = "Good Offices", "1"
    catalogue.creation_date = catalogue.revision_date = _NO_DATE
    catalogue.last_translator = catalogue.language_team = catalogue.msgid_bugs_address = "Good Offices"
    found = BytesIO()
    write_po(found, catalogue, width=110, ignore_obsolete=True, include_lineno=False, sort_by_file=True)
    # Babel names its own release in the header, which is no word of the interface.
    return re.sub(rb'"Generated-By: [^"]*"\n', b"", found.getvalue())


def as_mo(po: bytes, code: str) -> bytes:
    """Return the compiled form of a catalogue, from its source form."""
    found = BytesIO()
    write_mo(found, read_po(BytesIO(po), locale=code, domain=DOMAIN))
    return found.getvalue()


def write(code: str, catalogue: Catalog) -> None:
    """Write both forms of a catalogue."""
    po = as_po(catalogue)
    place(code).parent.mkdir(parents=True, exist_ok=True)
    place(code).write_bytes(po)
    place(code, "mo").write_bytes(as_mo(po, code))


def make() -> None:
    """Take what the source says now into every catalogue (rule 1); terms of the glossary are filled in."""
    found = template()
    for code in PLURALS:
        catalogue = read(code)
        # Babel moves the template's own messages over: without copies, three languages would share them.
        catalogue.update(deepcopy(found), no_fuzzy_matching=True)
        for message in catalogue:
            message.string = message.string or term(message, code)
        write(code, catalogue)


def missing(code: str) -> list[dict[str, Any]]:
    """Return the sentences without a translation, each with an empty `translation` to fill in (rule 2)."""
    catalogue = read(code)
    found = []
    for message in catalogue:
        if message.id and not translated(message, catalogue.num_plurals):
            several = isinstance(message.id, tuple)
            found.append(
                {
                    "sentence": list(message.id) if several else message.id,
                    "context": message.context,
                    "where": sorted({name for name, _line in message.locations}),
                    "note": " ".join(message.auto_comments),
                    "translation": [""] * catalogue.num_plurals if several else "",
                }
            )
    return found


def enter(code: str, filled: Sequence[dict[str, Any]]) -> list[str]:
    """Take translations into a catalogue and return what is wrong with those that were refused (rule 3)."""
    catalogue = read(code)
    refused = []
    for one in filled:
        key = one["sentence"] if isinstance(one["sentence"], str) else tuple(one["sentence"])
        words = one["translation"] if isinstance(one["translation"], str) else tuple(one["translation"])
        if not any(forms(words)):
            continue
        message = catalogue.get(key, one.get("context"))
        if message is None:
            refused.append(f"not in the source: {key!r}")
            continue
        before, message.string = message.string, words
        if wrong := list(faults(message, code, catalogue.num_plurals)):
            message.string = before
            refused += wrong
        else:
            message.flags.discard(
                "fuzzy"
            )  # set where a sentence came to have a plural; a person has answered it
    write(code, catalogue)
    return refused


def forms(words: object) -> list[str]:
    """Return the forms of a sentence: one, or one for each number."""
    if isinstance(words, list | tuple):
        return [str(one) for one in words]
    return [str(words or "")]


def translated(message: Message, plurals: int) -> bool:
    """Return whether every form of a sentence is translated."""
    found = forms(message.string)
    return len(found) == (plurals if isinstance(message.id, tuple) else 1) and all(found)


def faults(message: Message, code: str, plurals: int) -> Iterator[str]:
    """Yield what is wrong with a translation (rule 3)."""
    if not translated(message, plurals):
        yield f"{code}: {plurals if isinstance(message.id, tuple) else 1} forms are needed: {message.id!r}"
        return
    singular, plural = forms(message.id)[0], forms(message.id)[-1]
    allowed = [placeholders(plural)]
    if not placeholders(singular) <= allowed[0]:
        # One thing and several are named differently; otherwise the number must stand in every form: 21 is «один».
        allowed.append(placeholders(singular))
    for form in forms(message.string):
        if placeholders(form) not in allowed:
            yield f"{code}: the placeholders differ: {message.id!r} {form!r}"
        if (form == form.strip()) != (plural == plural.strip()):
            yield f"{code}: a space at an end: {form!r}"
    word = term(message, code)
    if word and message.string != word:
        yield f"{code}: the glossary says {word!r} for {message.id!r}, not {message.string!r}"


def term(message: Message, code: str) -> str:
    """Return the glossary's word for a sentence that is exactly a term, or nothing.

    Another context than a state's says that the word has another meaning there, as in a desk that is locked.
    """
    if message.context not in _TERMS or not isinstance(message.id, str):
        return ""
    return terms(code).get(message.id, "")


def placeholders(sentence: str) -> set[str]:
    """Return the names that a sentence takes: `{name}` and `%(name)s`."""
    try:
        braces = {
            field for _text, field, _form, _how in string.Formatter().parse(sentence) if field is not None
        }
    except ValueError:
        # A sentence that speaks of braces is no format, so it takes nothing by them.
        braces = set()
    return braces | set(_PERCENT.findall(sentence))


def main(arguments: Sequence[str]) -> int:
    """Return the exit status of one command of the list above."""
    match list(arguments):
        case ["make"]:
            make()
        case ["glossary"]:
            sys.stdout.write(page())
        case ["missing", code] if code in PLURALS:
            sys.stdout.write(json.dumps(missing(code), ensure_ascii=False, indent=1) + "\n")
        case ["enter", code, path] if code in PLURALS:
            refused = enter(code, json.loads(Path(path).read_text(encoding="utf-8")))
            sys.stderr.writelines(f"refused: {one}\n" for one in refused)
            return 1 if refused else 0
        case _:
            sys.stderr.write(f"usage: python -m {__spec__.name if __spec__ else ''} {_USAGE}\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
